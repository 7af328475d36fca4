import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bwrapArguments, placeholdersOf, seccompProgram, type Policy } from '../../../../src/sandbox';

const PROGRAM = 'bwrap';

/** Why bubblewrap cannot be run here; undefined if it can. */
export function noBwrap(): string | undefined {
  if (process.platform !== 'linux') return 'bubblewrap is for Linux';
  const args = ['--ro-bind', '/', '/', '--unshare-user', '--unshare-pid', '--unshare-net', 'true'];
  const { error, status, stderr } = spawnSync(PROGRAM, args, { encoding: 'utf8' });
  return error?.message ?? (status === 0 ? undefined : stderr.trim());
}

/** Runs a command under a policy, as a server would, without a terminal. */
export function runInside(
  policy: Policy,
  command: readonly string[],
  cwd: string,
  input = '',
): SpawnSyncReturns<string> {
  const folder = mkdtempSync(join(tmpdir(), 'seccomp-'));
  const made: string[] = [];
  const program = join(folder, 'program');
  writeFileSync(program, seccompProgram({ arch: process.arch, network: policy.network }));
  const fd = openSync(program, 'r');
  try {
    for (const path of placeholdersOf(policy)) {
      mkdirSync(path);
      made.push(path);
    }
    const args = [...bwrapArguments(policy, { cwd, hasTerminal: false, seccompFd: 3 }), ...command];
    return spawnSync(PROGRAM, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe', fd] });
  } finally {
    closeSync(fd);
    for (const path of made) rmdirSync(path);
    rmSync(folder, { recursive: true });
  }
}
