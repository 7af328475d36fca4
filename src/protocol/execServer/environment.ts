import { method } from '../method';
import { noParams } from '../schemas';

/** PROTOCOL chapter 11. */
export const environmentInfo = method('environment/info', noParams);
export const environmentStatus = method('environment/status', noParams);

/** Shell names that clients know; with any other they silently use their own shell. */
export type ShellName = 'bash' | 'zsh' | 'sh' | 'powershell' | 'cmd';

/** What is there beyond the methods that every exec-server has; what is not is left out. */
export interface Capabilities {
  /** `fs/watchMissing`. */
  readonly fsWatchMissing?: true;
  /** `valueEnvVar` of the headers of `http/request`. */
  readonly httpHeaderEnvVars?: true;
  /** `fs/open` for replacing, and `fs/writeBlock`. */
  readonly fileWriteStreaming?: true;
}

/** Paths are canonical URIs, except the shell's, which is native. */
export interface EnvironmentInfo {
  readonly shell: { readonly name: ShellName; readonly path: string };
  readonly cwd: string | null;
  readonly executorVersion: string;
  readonly userHomeDir: string;
  readonly platformOs: string;
  readonly tempDir: string;
  /** Absent means none. */
  readonly capabilities?: Capabilities;
}
