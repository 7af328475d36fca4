import * as disk from '../../../files';
import {
  Base64Error,
  decodeBase64,
  encodeBase64,
  execServer,
  invalidRequest,
  type Method,
  type PathUri,
} from '../../../protocol';
import { RawResult, type RequestOrder } from '../../../rpc';
import { filePolicy } from './filePolicy';
import { JsonList, JsonRoom, jsonOf } from './listReply';
import { filePath, pathUri } from './paths';
import { route, type Answer, type Call, type Route } from './route';

const wire = execServer.files;

/** The methods of docs/protocol/files.md: nothing stays open behind a request. */
export const fileRoutes = [
  fileRoute(wire.getMetadata, 'read', async ({ path, followSymlinks }, allowed) => {
    const options = { followSymlinks, ...allowed };
    const metadata: execServer.files.MetadataResult = await disk.getMetadata(filePath(path), options);
    return metadata;
  }),

  fileRoute(
    wire.readFile,
    'read',
    async ({ path, followSymlinks }, allowed, { maxReplyBytes, reserveReply }) => {
      const native = filePath(path);
      const options = { followSymlinks, ...allowed };
      const { size } = await disk.getMetadata(native, options);
      refuseLarge(size, maxReplyBytes);
      // Else as many of them as may run at once could be in memory at once. What is too large is refused unread.
      if (size <= disk.MAX_READ_FILE_BYTES) await reserveReply(size);
      const content = await disk.readFile(native, options);
      return new RawResult([Buffer.from('{"dataBase64":"'), encodeBase64(content), Buffer.from('"}')]);
    },
    ({ path }) => ['read', path],
  ),

  fileRoute(
    wire.writeFile,
    'write',
    async ({ path, dataBase64, followSymlinks }, allowed) => {
      await disk.writeFile(filePath(path), fileContent(dataBase64), { followSymlinks, ...allowed });
      return {};
    },
    ({ path }) => ['wrote', path],
  ),

  fileRoute(
    wire.createDirectory,
    'write',
    async ({ path, recursive, followSymlinks }, allowed) => {
      await disk.createDirectory(filePath(path), { recursive, followSymlinks, ...allowed });
      return {};
    },
    ({ path }) => ['wrote', path],
  ),

  fileRoute(
    wire.remove,
    'write',
    async ({ path, recursive, force, followSymlinks }, allowed) => {
      await disk.remove(filePath(path), { recursive, force, followSymlinks, ...allowed });
      return {};
    },
    ({ path }) => ['removed', path],
  ),

  fileRoute(wire.canonicalize, 'read', async ({ path }, allowed) => ({
    path: pathUri(await disk.canonicalize(filePath(path), allowed)),
  })),

  fileRoute(wire.readDirectory, 'read', async ({ path }, allowed, call) => {
    const bytes = call.maxReplyBytes - REPLY_OVERHEAD_BYTES;
    const maxEntries = Math.floor(bytes / MIN_ENTRY_BYTES);
    const room = { beforeMany: () => roomForMany(call), maxEntries, ...allowed };
    const list = new JsonList(new JsonRoom(bytes));
    for (const entry of await disk.readDirectory(filePath(path), room)) {
      if (!list.add(entry)) throw invalidRequest(tooManyEntries(bytes));
    }
    return jsonOf('{"entries":', list, '}');
  }),

  fileRoute(
    wire.copy,
    'write',
    async ({ sourcePath, destinationPath, recursive }, allowed) => {
      await disk.copy(filePath(sourcePath), filePath(destinationPath), { recursive, ...allowed });
      return {};
    },
    ({ destinationPath }) => ['wrote', destinationPath],
  ),

  fileRoute(wire.walk, 'read', async ({ path, options }, allowed, call) => {
    // Two lists share the reply.
    const room = new JsonRoom(call.maxReplyBytes - REPLY_OVERHEAD_BYTES);
    const [entries, errors] = [new JsonList(room), new JsonList(room)];
    const truncated = await disk.walk(
      filePath(path),
      { ...options, ...allowed },
      {
        entry: (found, kind) => entries.add({ path: pathUri(found), kind }),
        error: (found, message) => errors.add({ path: pathUri(found), message }),
        beforeMany: () => roomForMany(call),
      },
    );
    return jsonOf('{"entries":', entries, ',"errors":', errors, `,"truncated":${truncated}}`);
  }),
];

/** What a file request may do; everything when absent. */
type Allowed = Pick<disk.PathOptions, 'policy'>;

/** What people are told of a request that was done, and about which path. */
type Did = readonly [kind: 'read' | 'wrote' | 'removed', path: PathUri];

/**
 * Nothing is done before it is known what the sandbox allows.
 *
 * @param did what people are told of it; nothing of what only looks for files
 */
export function fileRoute<Params extends { readonly sandbox?: unknown }, Result>(
  method: Method<Params, Result>,
  order: RequestOrder,
  handle: (params: Params, allowed: Allowed, call: Call) => Answer<Result>,
  did?: (params: Params) => Did,
): Route {
  const inSandbox = async (params: Params, call: Call) =>
    handle(params, { policy: await filePolicy(params.sandbox) }, call);
  const either = (params: Params, call: Call): Answer<Result> =>
    params.sandbox == null ? handle(params, {}, call) : inSandbox(params, call);
  if (!did) return route(method, 'filesystem', either, { order });
  const told = async (params: Params, call: Call): Promise<Result | RawResult> => {
    const answer = await either(params, call);
    const [kind, path] = did(params);
    call.session.did({ kind, path: String(filePath(path)) });
    return answer;
  };
  return route(method, 'filesystem', told, { order });
}

/** Room in a reply for everything but the content. */
const REPLY_OVERHEAD_BYTES = 1024;

/** The shortest entry of a directory as JSON. */
const MIN_ENTRY_BYTES = '{"fileName":"a","isDirectory":false,"isFile":true},'.length;

/** Whoever lists very much does so alone, because how much it is shows only at the end. */
function roomForMany({ reserveReply, maxReplyBytes }: Call): Promise<void> {
  return reserveReply(maxReplyBytes);
}

function tooManyEntries(bytes: number): string {
  return `the directory has more entries than the ${bytes} bytes of one message can hold; list it with fs/walk or a command`;
}

/** Before it is read: what does not fit into one reply as base64. */
function refuseLarge(size: number, maxReplyBytes: number): void {
  const limit = Math.floor((maxReplyBytes - REPLY_OVERHEAD_BYTES) / 4) * 3;
  if (size <= limit || size > disk.MAX_READ_FILE_BYTES) return;
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
