/** Every method of the three dialects with the kinds of its members. */
import { kinds, type Kind } from './values.js';

export interface Target {
  readonly method: string;
  readonly members: Readonly<Record<string, Kind>>;
  /** Members that are usually left out. */
  readonly optional: Readonly<Record<string, Kind>>;
  /** Its text may be damaged anywhere: no byte of it decides which file or program is touched. */
  readonly isHarmless: boolean;
}

type Members = Readonly<Record<string, Kind>>;

const target =
  (isHarmless: boolean) =>
  (method: string, members: Members = {}, optional: Members = {}): Target => ({
    method,
    members,
    optional,
    isHarmless,
  });
const harmless = target(true);
const careful = target(false);

const {
  argv,
  bytes,
  cols,
  count,
  env,
  envPolicy,
  flag,
  handle,
  id,
  nativeCwd,
  path,
  rows,
  sandbox,
  session,
  size,
  sparse,
  text,
  timeoutMs,
  uriCwd,
  waitMs,
} = kinds;

const links = { sandbox, followSymlinks: flag };

const execServer: readonly Target[] = [
  harmless('environment/info'),
  harmless('environment/status'),
  careful(
    'process/start',
    { processId: id, argv, cwd: uriCwd, env, tty: sparse },
    { envPolicy, pipeStdin: flag, arg0: text, size, sandbox, enforceManagedNetwork: flag, metadata: text },
  ),
  harmless('process/read', { processId: id }, { afterSeq: count, maxBytes: count, waitMs }),
  harmless('process/write', { processId: id, chunk: bytes, writeId: text }),
  harmless('process/signal', { processId: id, signal: kinds.signal }),
  harmless('process/sendSignal', { processId: id, signal: text }, { pid: count }),
  harmless('process/terminate', { processId: id }, { mode: kinds.stopMode }),
  harmless('process/closeStdin', { processId: id }),
  harmless('process/resize', { processId: id, rows, cols }),
  harmless('process/wait', { processId: id }, { timeoutMs: waitMs }),
  harmless('process/snapshot', { processId: id }),
  harmless('process/members', { processId: id }, { ports: flag }),
  harmless('port/open', { processId: id, connectionId: handle, port: count }),
  harmless('port/read', { connectionId: handle }),
  harmless('port/write', { connectionId: handle, chunk: bytes }),
  harmless('port/close', { connectionId: handle }),
  harmless('fs/getMetadata', { path }, links),
  harmless('fs/readFile', { path }, links),
  harmless('fs/canonicalize', { path }, { sandbox }),
  harmless('fs/readDirectory', { path }, { sandbox }),
  harmless('fs/walk', { path, options: kinds.walkOptions }, { sandbox }),
  careful('fs/writeFile', { path, dataBase64: bytes }, links),
  careful('fs/createDirectory', { path }, { ...links, recursive: flag }),
  careful('fs/remove', { path }, { ...links, recursive: flag, force: flag }),
  careful('fs/copy', { sourcePath: path, destinationPath: path, recursive: flag }, { sandbox }),
  careful('fs/open', { handleId: handle, path }, { mode: kinds.openMode, sandbox }),
  harmless('fs/readBlock', { handleId: handle, offset: count, len: kinds.block }),
  harmless('fs/writeBlock', { handleId: handle, offset: count, chunk: bytes }),
  harmless('fs/close', { handleId: handle }),
  harmless('fs/watchMissing', { watchId: kinds.watch, missing: kinds.paths }, { present: path, sandbox }),
  careful(
    'http/request',
    { method: kinds.httpMethod, url: kinds.url, requestId: id, timeoutMs },
    { headers: kinds.headers, bodyBase64: bytes, redirectPolicy: kinds.redirect, streamResponse: flag },
  ),
];

const v0: readonly Target[] = [
  careful('command/exec', { argv, cwd: nativeCwd, env, tty: sparse }, { arg0: text }),
  harmless('command/exec/write', { sessionId: session, chunk: bytes }),
  harmless('command/exec/terminate', { sessionId: session }),
];

const appServer: readonly Target[] = [
  careful(
    'process/spawn',
    { command: argv, processHandle: id, cwd: nativeCwd },
    { tty: sparse, streamStdin: flag, streamStdoutStderr: flag, outputBytesCap: count, timeoutMs, env, size },
  ),
  harmless('process/writeStdin', { processHandle: id }, { deltaBase64: bytes, closeStdin: flag }),
  harmless('process/resizePty', { processHandle: id, size }),
  harmless('process/kill', { processHandle: id }),
];

/** What a connection speaks: all three dialects, the app-server's alone, or nothing yet. */
export type Mode = 'exec' | 'app' | 'none';

export const TARGETS: readonly Target[] = [...execServer, ...v0, ...appServer];
export const HANDSHAKE: Target = harmless('initialize', {}, { clientName: text, resumeSessionId: text });
