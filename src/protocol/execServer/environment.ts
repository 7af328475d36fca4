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
export type EnvironmentInfo = v.InferOutput<typeof environment>;

/** PROTOCOL chapter 11. */
export const environmentInfo = method('environment/info', noParams, {
  chapter: '11',
  summary: 'What kind of machine this is, and what it can do beyond the common. Answers at once.',
  result: environment,
});
export const environmentStatus = method('environment/status', noParams, {
  chapter: '11',
  summary: 'Answers at once.',
  result: v.strictObject({ status: v.literal('ready') }),
});
