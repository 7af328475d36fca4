/** For each method params that fit, and which of their members may not be left out. */
import type { Json } from './client.js';
import { startParams } from './session.js';

export interface Example {
  readonly params: Json;
  readonly required: readonly string[];
}

const NOWHERE = 'file:///no/such';
const nobody = { processId: 'nobody' };

/** All of them can be sent without harm: they are about nobody and nothing. */
export function examples(): Record<string, Example> {
  const path = { path: NOWHERE };
  return {
    'process/start': {
      params: startParams(['/no/such']),
      required: ['processId', 'argv', 'cwd', 'env', 'tty'],
    },
    'process/read': { params: { ...nobody, afterSeq: 1 }, required: ['processId'] },
    'process/write': {
      params: { ...nobody, chunk: '', writeId: '1' },
      required: ['processId', 'chunk', 'writeId'],
    },
    'process/signal': { params: { ...nobody, signal: 'interrupt' }, required: ['processId', 'signal'] },
    'process/terminate': { params: nobody, required: ['processId'] },
    'fs/readFile': { params: path, required: ['path'] },
    'fs/writeFile': { params: { path: `${NOWHERE}/x`, dataBase64: '' }, required: ['path', 'dataBase64'] },
    'fs/createDirectory': { params: { path: `${NOWHERE}/x`, recursive: false }, required: ['path'] },
    'fs/getMetadata': { params: path, required: ['path'] },
    'fs/canonicalize': { params: path, required: ['path'] },
    'fs/readDirectory': { params: path, required: ['path'] },
    'fs/walk': {
      params: {
        ...path,
        options: { maxDepth: 1, maxDirectories: 1, maxEntries: 1, followDirectorySymlinks: false },
      },
      required: ['path', 'options'],
    },
    'fs/remove': { params: { ...path, force: false }, required: ['path'] },
    'fs/copy': {
      params: { sourcePath: NOWHERE, destinationPath: `${NOWHERE}/x`, recursive: false },
      required: ['sourcePath', 'destinationPath', 'recursive'],
    },
    'fs/open': { params: { ...path, handleId: 'h' }, required: ['handleId', 'path'] },
    'fs/readBlock': {
      params: { handleId: 'h', offset: 0, len: 1 },
      required: ['handleId', 'offset', 'len'],
    },
    'fs/writeBlock': {
      params: { handleId: 'h', offset: 0, chunk: 'eA==' },
      required: ['handleId', 'offset', 'chunk'],
    },
    'fs/close': { params: { handleId: 'h' }, required: ['handleId'] },
    'fs/watchMissing': { params: { watchId: 1, missing: ['file:///'] }, required: ['watchId', 'missing'] },
    'http/request': {
      params: { method: 'GET', url: 'http://127.0.0.1:1/', requestId: 'r', timeoutMs: 0 },
      required: ['method', 'url', 'requestId'],
    },
  };
}
