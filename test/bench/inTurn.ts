/** Ways to run a command, each beside a bare shell; loaded into an editor too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { series, timed } from './facts.js';

/** What each way runs. */
export const COMMAND = ['/bin/bash', '-c', 'true'] as const;
const WARM_UP = 5;

/** How long the bare shell takes in ms, under `bare`, and each way by its name, in bare shells. */
export async function inTurn(
  samples: number,
  cwd: string,
  ways: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number[]>> {
  const [program, ...args] = COMMAND;
  const bare = (): Promise<void> => ended(program, args, cwd);
  const all = Object.entries(ways).map(([name, way]) => ({ name, way, times: [] as number[] }));
  for (const way of [bare, ...all.map((one) => one.way)]) await series(WARM_UP, way);
  const alone: number[] = [];
  while (alone.length < samples) {
    const ms = await timed(bare);
    alone.push(ms);
    for (const { way, times } of all) times.push((await timed(way)) / ms);
  }
  return Object.fromEntries([['bare', alone], ...all.map(({ name, times }) => [name, times] as const)]);
}

/** Runs a program as an agent does, until it has ended and so have its streams. */
export async function ended(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], AI_AGENT: 'bench', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.resume();
  child.stderr.resume();
  await once(child, 'close');
}
