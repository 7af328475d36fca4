import * as v from 'valibot';
import type { Identity } from './identity';
import { parseText } from './parseText';

const schema = v.looseObject({
  version: v.literal(1),
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  start: v.number(),
  scope: v.string(),
  kind: v.picklist(['window', 'server']),
  name: v.string(),
  folders: v.array(v.string()),
  socket: v.string(),
  since: v.number(),
  opener: v.optional(v.object({ pid: v.number(), start: v.number() })),
  off: v.optional(v.boolean()),
  kept: v.optional(v.looseObject({ workspace: v.string(), version: v.string() })),
});

/** How a window, or a server of the command line, is found. It holds no secret. */
export interface WindowRecord {
  readonly version: 1;
  readonly pid: number;
  /** With the pid the process's identity, in the platform's own unit. */
  readonly start: number;
  /** Within it a pid means one process. */
  readonly scope: string;
  readonly kind: 'window' | 'server';
  /** The name of the product, for people. */
  readonly name: string;
  /** The workspace's folders as absolute paths, with links and without. */
  readonly folders: readonly string[];
  /** The Unix socket, or on Windows the named pipe, where it listens. */
  readonly socket: string;
  /** When it began to listen, or last dropped all who were connected, in ms since 1970. */
  readonly since: number;
  /** What opens a window again when it is reloaded, in the same scope; absent where the system does not tell. */
  readonly opener?: Pick<Identity, 'pid' | 'start'> | undefined;
  /** Set while a person has the server off: the window is there, and nobody listens. */
  readonly off?: boolean | undefined;
  /** Set for a server that is kept for the windows of one workspace. */
  readonly kept?: Kept | undefined;
}

/** For whose windows a server is kept. */
export interface Kept {
  /** Names the workspace. */
  readonly workspace: string;
  /** The version of the extension that has started the server. */
  readonly version: string;
}

/** Undefined for anything that is not a record. */
export function parseRecord(text: string): WindowRecord | undefined {
  return parseText(schema, text);
}
