import * as v from 'valibot';
import { method } from '../method';
import { pathUri, u64 } from '../schemas';

/** PROTOCOL chapter 10. `sandbox` is judged by the server's sandbox policy, not here. */
const sandbox = v.optional(v.unknown());
const followSymlinks = v.nullish(v.boolean(), true);

const onPath = { path: pathUri, sandbox };
const onPathOrLink = { ...onPath, followSymlinks };

export const getMetadata = method('fs/getMetadata', v.looseObject(onPathOrLink));
export const readFile = method('fs/readFile', v.looseObject(onPathOrLink));
/** Bad base64 is -32600 in this method, so it is decoded later. */
export const writeFile = method('fs/writeFile', v.looseObject({ ...onPathOrLink, dataBase64: v.string() }));
export const createDirectory = method(
  'fs/createDirectory',
  v.looseObject({ ...onPathOrLink, recursive: v.nullish(v.boolean(), true) }),
);
export const remove = method(
  'fs/remove',
  v.looseObject({
    ...onPathOrLink,
    recursive: v.nullish(v.boolean(), true),
    force: v.nullish(v.boolean(), true),
  }),
);
export const canonicalize = method('fs/canonicalize', v.looseObject(onPath));
export const readDirectory = method('fs/readDirectory', v.looseObject(onPath));
export const copy = method(
  'fs/copy',
  v.looseObject({ sourcePath: pathUri, destinationPath: pathUri, recursive: v.boolean(), sandbox }),
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
);

export interface MetadataResult {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  /** Milliseconds since 1970, 0 if unknown. */
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export interface WalkResult {
  readonly entries: readonly { readonly path: string; readonly kind: 'file' | 'directory' }[];
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly truncated: boolean;
}
