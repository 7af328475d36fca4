import * as disk from '../../../files';
import {
  Base64Error,
  decodeBase64,
  encodeBase64,
  execServer,
  invalidRequest,
  type Method,
} from '../../../protocol';
import { RawResult } from '../../../rpc';
import { refuseSandbox } from '../../sandboxPolicy';
import { filePath, pathUri } from './paths';
import { route, type Answer, type Call, type Route } from './route';

const wire = execServer.files;

/** PROTOCOL chapter 10, except what is open for longer than one request. */
export const fileRoutes = [
  fileRoute(wire.getMetadata, async ({ path, followSymlinks }) => {
    const metadata: execServer.files.MetadataResult = await disk.getMetadata(
      filePath(path),
      links(followSymlinks),
    );
    return metadata;
  }),

  fileRoute(wire.readFile, async ({ path, followSymlinks }, { maxReplyBytes, roomFor }) => {
    const native = filePath(path);
    const { size } = await disk.getMetadata(native, links(followSymlinks));
    refuseLarge(size, maxReplyBytes);
    // Else as many of them as there are lanes could be in memory at once.
    await roomFor(size);
    const content = await disk.readFile(native, links(followSymlinks));
    return new RawResult([Buffer.from('{"dataBase64":"'), encodeBase64(content), Buffer.from('"}')]);
  }),

  fileRoute(wire.writeFile, async ({ path, dataBase64, followSymlinks }) => {
    await disk.writeFile(filePath(path), fileContent(dataBase64), links(followSymlinks));
    return {};
  }),

  fileRoute(wire.createDirectory, async ({ path, recursive, followSymlinks }) => {
    await disk.createDirectory(filePath(path), { recursive, ...links(followSymlinks) });
    return {};
  }),

  fileRoute(wire.remove, async ({ path, recursive, force, followSymlinks }) => {
    const options = { recursive, force, ...links(followSymlinks) };
    await disk.remove(filePath(path), options);
    return {};
  }),

  fileRoute(wire.canonicalize, async ({ path }) => ({
    path: pathUri(await disk.canonicalize(filePath(path))),
  })),

  fileRoute(wire.readDirectory, async ({ path }) => ({ entries: await disk.readDirectory(filePath(path)) })),

  fileRoute(wire.copy, async ({ sourcePath, destinationPath, recursive }) => {
    await disk.copy(filePath(sourcePath), filePath(destinationPath), { recursive });
    return {};
  }),

  fileRoute(wire.walk, async ({ path, options }): Promise<execServer.files.WalkResult> => {
    const { entries, errors, truncated } = await disk.walk(filePath(path), options);
    return {
      entries: entries.map((entry) => ({ path: pathUri(entry.pathBytes ?? entry.path), kind: entry.kind })),
      errors: errors.map((error) => ({ path: pathUri(error.path), message: error.message })),
      truncated,
    };
  }),
];

/** Nothing touches the disk before the sandbox policy has had its say. */
export function fileRoute<Params extends { readonly sandbox?: unknown }, Result>(
  method: Method<Params, Result>,
  handle: (params: Params, call: Call) => Answer<Result>,
): Route {
  return route(method, 'filesystem', (params, call) => {
    refuseSandbox(params.sandbox, method.name);
    return handle(params, call);
  });
}

function links(followSymlinks: boolean): disk.LinkOptions {
  return { followSymlinks };
}

/** Room in a reply for everything but the content. */
const REPLY_OVERHEAD_BYTES = 1024;
/** Above it, reading itself is refused, with the reference's text. */
const MAX_READ_FILE_BYTES = 512 * 1024 * 1024;

/** Before it is read: what does not fit into one reply as base64. */
function refuseLarge(size: number, maxReplyBytes: number): void {
  const limit = Math.floor((maxReplyBytes - REPLY_OVERHEAD_BYTES) / 4) * 3;
  if (size <= limit || size > MAX_READ_FILE_BYTES) return;
  throw invalidRequest(
    `file is too large to read: limit is ${limit} bytes in one message; read it in blocks with fs/open and fs/readBlock`,
  );
}

function fileContent(dataBase64: string): Buffer {
  try {
    return decodeBase64(dataBase64);
  } catch (error) {
    if (!(error instanceof Base64Error)) throw error;
    throw invalidRequest(`fs/writeFile requires valid base64 dataBase64: ${error.message}`);
  }
}
