import { resolve } from 'node:path';
import { resolvePath, type FileLook, type Policy } from '../../sandbox';
import { osSpawnError, SpawnError } from '../errors';
import { withArg0 } from '../spawn/arg0';
import type { SpawnSpec } from '../types';
import type { Runnable } from './runnable';

const ENV = ['/usr/bin/env', '/bin/env'];
const SETSID = ['/usr/bin/setsid', '/bin/setsid'];

/**
 * What bubblewrap is to run. It has the child's environment, but for PWD, which bubblewrap sets; and no terminal, because
 * that is for the session inside. Rejects with the SpawnError that the same start meets without a sandbox.
 */
export async function innerCommand(
  spec: SpawnSpec,
  policy: Policy,
  means: { readonly look: FileLook; readonly runnable: Runnable },
): Promise<readonly string[]> {
  const isVisible: IsVisible = (path) => isOpenIn(policy, path, means.look);
  const program = await means.runnable.program(spec);
  if (!(await isVisible(resolve(spec.cwd, program)))) throw osSpawnError('EACCES');
  return [...(await sessionMaker(spec, isVisible)), ...(await exactly(spec, isVisible))];
}

/** Whether the command can see the file. */
type IsVisible = (path: string) => Promise<boolean>;

async function sessionMaker({ tty }: SpawnSpec, isVisible: IsVisible): Promise<readonly string[]> {
  if (!tty) return [];
  const setsid = await firstVisible(SETSID, isVisible);
  if (setsid !== undefined) return [setsid, '-c'];
  throw new SpawnError(
    'A terminal in a sandbox needs the program setsid (package util-linux), which is not there or may not be seen ' +
      'inside: use pipes (tty: false).',
  );
}

async function exactly(spec: SpawnSpec, isVisible: IsVisible): Promise<readonly string[]> {
  const { argv, arg0, cwd, env } = spec;
  if (arg0 !== undefined && arg0 !== argv[0]) return withArg0({ argv, arg0, env }, isVisible);
  const { PWD } = env;
  // It takes a program of such a name for a variable.
  if (PWD === cwd || argv[0]?.includes('=') === true) return argv;
  const program = await firstVisible(ENV, isVisible);
  if (program === undefined) return argv;
  return [program, ...(PWD === undefined ? ['-u', 'PWD'] : [`PWD=${PWD}`]), ...argv];
}

async function firstVisible(paths: readonly string[], isVisible: IsVisible): Promise<string | undefined> {
  for (const path of paths) if (await isVisible(path)) return path;
  return undefined;
}

async function isOpenIn(policy: Policy, path: string, look: FileLook): Promise<boolean> {
  const { path: canonical, kind, isBlocked, links } = await resolvePath(path, look);
  if (kind !== 'file' || isBlocked) return false;
  return policy.accessOf(canonical) !== 'deny' && links.every((link) => policy.opensLink(link.path));
}
