import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { base64, nothing, pathUri, u64, uriText } from '../schemas';
import { FILE_ERRORS } from './fileErrors';

/** See docs/protocol/files.md#links. `sandbox` is judged by the server's sandbox policy, not here. */
const sandbox = v.optional(v.unknown());
const followSymlinks = v.nullish(v.boolean(), true);

const onPath = { path: pathUri, sandbox };
const onPathOrLink = { ...onPath, followSymlinks };
const common = { page: 'files', errors: FILE_ERRORS } as const;

export const getMetadata = method('fs/getMetadata', v.looseObject(onPathOrLink), {
  ...common,
  summary:
    'What there is. Links are followed; `isSymlink` tells about the path itself. Times are ms since 1970.',
  result: v.strictObject({
    isDirectory: v.boolean(),
    isFile: v.boolean(),
    isSymlink: v.boolean(),
    size: v.number(),
    /** Milliseconds since 1970, 0 if unknown. */
    createdAtMs: v.number(),
    modifiedAtMs: v.number(),
  }),
});
export type MetadataResult = ResultOf<typeof getMetadata>;

export const readFile = method('fs/readFile', v.looseObject(onPathOrLink), {
  ...common,
  summary: 'A regular file whole, if it fits into a message of 64 MiB as base64; larger ones in blocks.',
  result: v.strictObject({ dataBase64: base64 }),
});
/** Bad base64 is -32600 in this method, so it is decoded later. */
export const writeFile = method('fs/writeFile', v.looseObject({ ...onPathOrLink, dataBase64: v.string() }), {
  ...common,
  summary: 'Makes a file or replaces its content. Its folder must be there.',
  result: nothing,
});
export const createDirectory = method(
  'fs/createDirectory',
  v.looseObject({ ...onPathOrLink, recursive: v.nullish(v.boolean(), true) }),
  { ...common, summary: 'Recursive: with its parents, and fine if it is there.', result: nothing },
);
export const remove = method(
  'fs/remove',
  v.looseObject({
    ...onPathOrLink,
    recursive: v.nullish(v.boolean(), true),
    force: v.nullish(v.boolean(), true),
  }),
  {
    ...common,
    summary: 'Links are removed, not followed. With `force` a missing path is fine.',
    result: nothing,
  },
);
export const canonicalize = method('fs/canonicalize', v.looseObject(onPath), {
  ...common,
  summary: 'The path with all links resolved.',
  result: v.strictObject({ path: uriText }),
});
export const readDirectory = method('fs/readDirectory', v.looseObject(onPath), {
  ...common,
  summary: 'In no order; links followed, dangling ones left out.',
  result: v.strictObject({
    entries: v.array(v.strictObject({ fileName: v.string(), isDirectory: v.boolean(), isFile: v.boolean() })),
  }),
});
export const copy = method(
  'fs/copy',
  v.looseObject({ sourcePath: pathUri, destinationPath: pathUri, recursive: v.boolean(), sandbox }),
  {
    ...common,
    summary: 'Files with their modes, over those that are there; folders merge, links stay links.',
    result: nothing,
  },
);
export const walk = method(
  'fs/walk',
  v.looseObject({
    ...onPath,
    options: v.looseObject({
      maxDepth: u64,
      maxDirectories: u64,
      maxEntries: u64,
      followDirectorySymlinks: v.boolean(),
      pruneHiddenDirectories: v.optional(v.boolean(), false),
    }),
  }),
  {
    ...common,
    summary:
      'A tree, breadth first, each folder sorted by name. At most 64 levels, 10,000 folders, 50,000 entries.',
    result: v.strictObject({
      entries: v.array(v.strictObject({ path: uriText, kind: v.picklist(['file', 'directory']) })),
      errors: v.array(v.strictObject({ path: uriText, message: v.string() })),
      truncated: v.boolean(),
    }),
  },
);
export type WalkResult = ResultOf<typeof walk>;
