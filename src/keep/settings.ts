import * as v from 'valibot';

const paths = v.array(v.string());
const count = v.pipe(v.number(), v.minValue(0));

const sandboxPolicy = v.looseObject({
  mode: v.picklist(['read-only', 'workspace-write']),
  workspaceRoots: v.optional(paths),
  network: v.optional(v.boolean()),
});

const proxy = v.object({
  source: v.string(),
  proxy: v.string(),
  authorization: v.optional(v.string()),
  noProxy: v.array(v.string()),
  isStrict: v.boolean(),
});

/** What a person has set in their editor, as far as a kept server is concerned. */
const settings = v.object({
  /** After the last window has left, in ms: then everything ends. */
  idleMs: count,
  maxProcesses: count,
  retainedBytesPerProcess: count,
  spilledBytesPerProcess: count,
  spilledBytesTotal: count,
  /** The most that the time-line of what happened takes on disk, in bytes. */
  recordBytes: count,
  toolsReach: v.picklist(['own', 'see', 'control']),
  defaultSandbox: v.optional(sandboxPolicy),
  proxy: v.optional(proxy),
});

const options = v.object({
  /** Names the workspace; the next window of the same one asks for it. */
  workspace: v.string(),
  /** Its folders, absolute. */
  folders: paths,
  /** Loopback port; 0 takes any. */
  port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
  /** Where state is kept should the system have no folder for it. */
  stateFolder: v.string(),
  /** Where output is kept that memory has no room for. */
  spillFolder: v.string(),
  /** Where the time-line is kept. */
  recordFolder: v.string(),
  /** What no sandboxed command may read. */
  secrets: paths,
  settings,
});

/** The line on stdout of a server that is ready. */
export const LISTENING = 'listening';

export type KeepSettings = v.InferOutput<typeof settings>;
export type KeepOptions = v.InferOutput<typeof options>;

/**
 * Reads a keeper's options from JSON.
 *
 * @throws Error with a sentence for what makes no sense
 */
export function parseKeepOptions(text: string): KeepOptions {
  const result = v.safeParse(options, JSON.parse(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`keep: ${v.getDotPath(issue) ?? 'the options'}: ${issue.message}`);
}
