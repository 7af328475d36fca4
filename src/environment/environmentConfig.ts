import type { AuthBearerToken, ExecServerAddress } from '../client';
import { hostEnvironment } from '../process';

/** Another machine: an exec-server at a WebSocket URL, or a command that speaks the protocol on stdio. */
export type EnvironmentConfig = { readonly id: string } & (
  | {
      /** `ws://HOST:PORT/…` or `wss://…`. */
      readonly url: string;
      /** Sent as `Authorization: Bearer …`, to wss:// and to this machine only. */
      readonly authBearerToken?: AuthBearerToken | undefined;
    }
  | {
      /** For example `ssh` with `['box', 'exec-server', '--listen', 'stdio://']`. */
      readonly program: string;
      readonly args?: readonly string[] | undefined;
      /** Laid over this process's own environment without the editor's variables. */
      readonly env?: Readonly<Record<string, string>> | undefined;
      readonly cwd?: string | undefined;
      /** Told each line that the program writes to its stderr, without its end; empty ones are left out. */
      readonly onStderr?: ((line: string) => void) | undefined;
    }
);

/** Where the client of such an environment connects to. */
export function addressOf(config: EnvironmentConfig): ExecServerAddress {
  if ('url' in config) return { url: config.url, authBearerToken: config.authBearerToken };
  const { program, args, env, cwd, onStderr } = config;
  return { program, args, env: { ...withoutEditor(), ...env }, cwd, onStderr };
}

/** Takes the editor's variables away: with them another editor, or git's askpass, misbehaves over there. */
function withoutEditor(): Record<string, undefined> {
  const kept = hostEnvironment(process.env);
  const names = Object.keys(process.env).filter((name) => !(name in kept));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
