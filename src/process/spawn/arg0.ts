import { constants } from 'node:fs';
import { disk } from '../../blocking';
import { SpawnError } from '../errors';
import type { SpawnSpec } from '../types';

/** Shells whose `exec` can set argv[0]; the plain `sh` of many systems cannot. */
const SHELLS = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/bin/zsh', '/usr/bin/zsh'];

/** Replaces the shell by the program; what it exported by itself, and the child should not see, goes before. */
const SCRIPT =
  'for name in PWD OLDPWD; do case " $1 " in *" $name "*) ;; *) unset "$name";; esac; done; ' +
  'name=$2; shift 2; exec -a "$name" "$@"';

/**
 * The argv that runs `spec.argv` with `spec.arg0` as its argv[0]. Node-pty always passes the program's
 * name, so a shell has to do it, which adds the variables `_` and SHLVL. Rejects with a SpawnError where no shell can.
 */
export async function withArg0(
  spec: Pick<SpawnSpec, 'argv' | 'arg0' | 'env'>,
  exists: (path: string) => Promise<boolean> = isThere,
): Promise<readonly string[]> {
  const { argv, arg0, env } = spec;
  if (arg0 === undefined || arg0 === argv[0]) return argv;
  const shell = await first(SHELLS, exists);
  if (shell === undefined) {
    throw new SpawnError(
      'arg0 with tty: true, or in a sandbox, needs bash or zsh on this machine; leave arg0 out.',
    );
  }
  return [shell, '-c', SCRIPT, shell, Object.keys(env).join(' '), arg0, ...argv];
}

async function first(
  paths: readonly string[],
  exists: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

/** A disk that does not answer has none, as far as anybody can tell. */
async function isThere(path: string): Promise<boolean> {
  return disk.access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
