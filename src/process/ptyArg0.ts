import { existsSync } from 'node:fs';
import { SpawnError } from './spawnError';
import type { SpawnSpec } from './types';

/** Shells whose `exec` can set argv[0]; the plain `sh` of many systems cannot. */
const SHELLS = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/bin/zsh', '/usr/bin/zsh'];

/** Replaces the shell by the program; what it exported by itself, and the child should not see, goes before. */
const SCRIPT =
  'for name in PWD OLDPWD; do case " $1 " in *" $name "*) ;; *) unset "$name";; esac; done; ' +
  'name=$2; shift 2; exec -a "$name" "$@"';

/**
 * The argv that runs `spec.argv` with `spec.arg0` as its argv[0]. Node-pty always passes the program's
 * name, so a shell has to do it, which adds the variables `_` and SHLVL. Throws a SpawnError where no shell can.
 */
export function withArg0(
  spec: Pick<SpawnSpec, 'argv' | 'arg0' | 'env'>,
  exists: (path: string) => boolean = existsSync,
): readonly string[] {
  const { argv, arg0, env } = spec;
  if (arg0 === undefined || arg0 === argv[0]) return argv;
  const shell = SHELLS.find(exists);
  if (shell === undefined) {
    throw new SpawnError(
      'arg0 with tty: true needs bash or zsh on this machine; leave arg0 out, or use pipes.',
    );
  }
  return [shell, '-c', SCRIPT, shell, Object.keys(env).join(' '), arg0, ...argv];
}
