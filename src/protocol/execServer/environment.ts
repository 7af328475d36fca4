import * as v from 'valibot';
import { method } from '../method';
import { noParams, uriText } from '../schemas';

/** Shell names that clients know; with any other they silently use their own shell. */
const shellName = v.picklist(['bash', 'zsh', 'sh', 'powershell', 'cmd']);
export type ShellName = v.InferOutput<typeof shellName>;

/** What is there beyond the methods that every exec-server has; what is not is left out. */
const capabilities = v.strictObject({
  /** `fs/watchMissing`. */
  fsWatchMissing: v.exactOptional(v.literal(true)),
  /** `valueEnvVar` of the headers of `http/request`. */
  httpHeaderEnvVars: v.exactOptional(v.literal(true)),
  /** `fs/open` for replacing, and `fs/writeBlock`. */
  fileWriteStreaming: v.exactOptional(v.literal(true)),
  /** `lifetime` of `process/start`, with `pid` and `signal`. */
  processLifetime: v.exactOptional(v.literal(true)),
  /** `mergeStderr` of `process/start`. */
  processMergeStderr: v.exactOptional(v.literal(true)),
  /** `label` of `process/start`. */
  processLabel: v.exactOptional(v.literal(true)),
  /** `process/members`. */
  processMembers: v.exactOptional(v.literal(true)),
  /** `mode` and `descendants` of `process/terminate`. */
  processGraceful: v.exactOptional(v.literal(true)),
  /** `process/needsInput`. */
  needsInput: v.exactOptional(v.literal(true)),
  /** `atPrompt` of `process/start`. */
  atPrompt: v.exactOptional(v.literal(true)),
  /** `port/open` and what goes with it. */
  processPorts: v.exactOptional(v.literal(true)),
  /** `process/sendSignal`. */
  processSendSignal: v.exactOptional(v.literal(true)),
});

/** Paths are canonical URIs, except the shell's, which is native. */
export const environment = v.strictObject({
  shell: v.strictObject({ name: shellName, path: v.string() }),
  cwd: v.nullable(uriText),
  executorVersion: v.string(),
  userHomeDir: uriText,
  platformOs: v.string(),
  tempDir: uriText,
  /** Absent means none. */
  capabilities: v.exactOptional(capabilities),
});
/** What an exec-server tells about its machine: shell, folders, platform, version and capabilities. */
export type EnvironmentInfo = v.InferOutput<typeof environment>;
/** The name of something that not every exec-server can. */
export type Capability = keyof v.InferOutput<typeof capabilities>;

/** See docs/protocol/environment.md#environmentinfo. */
export const environmentInfo = method('environment/info', noParams, {
  page: 'environment',
  summary: 'What kind of machine this is, and what it can do beyond the common. Answers at once.',
  result: environment,
});
export const environmentStatus = method('environment/status', noParams, {
  page: 'environment',
  summary: 'Answers at once.',
  result: v.strictObject({ status: v.literal('ready') }),
});
