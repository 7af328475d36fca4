import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_MS } from '../../scripts/host/patience.mjs';
import { Environment, type ExecParams, type ExecProcess } from '../../src/environment';
import { PATIENT } from '../clients/ends';
import type { Engine } from './engine/engine';

export const CLI = path.resolve('dist/cli.js');

/** The machine behind an engine, by `exec-server attach`. */
export function attached(engine: Engine, words = engine.words(), ...options: string[]): Environment {
  return heard(engine, () => undefined, words, ...options);
}

/** The same, with what is said about each step. */
export function heard(
  engine: Engine,
  onStderr: (line: string) => void,
  words = engine.words(),
  ...options: string[]
): Environment {
  const args = [CLI, 'attach', ...options, '--', ...words];
  const config = { id: 'far', program: process.execPath, args, env: { ...engine.env }, onStderr };
  return Environment.remote(config, PATIENT);
}

let lastId = 0;

export async function start(
  environment: Environment,
  argv: string | readonly string[],
  more: Partial<ExecParams> = {},
): Promise<ExecProcess> {
  const { process: there } = await environment.getExecBackend().start({
    processId: `far-${++lastId}`,
    argv: typeof argv === 'string' ? ['sh', '-c', argv] : argv,
    cwd: '/tmp',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', TERM: 'xterm' },
    tty: false,
    pipeStdin: false,
    ...more,
  });
  return there;
}

export interface Outcome {
  text: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly exitCode: number | undefined;
  readonly failure: string | undefined;
}

/** All of a process's output, to its end. What drops is a failure. */
export async function collect(
  there: ExecProcess,
  onText: (text: string) => Promise<void> = async () => {},
): Promise<Outcome> {
  const hash = createHash('sha256');
  let [text, bytes] = ['', 0];
  let exitCode: number | undefined;
  let failure: string | undefined;
  for await (const event of there.subscribeEvents()) {
    if (event.type === 'output') {
      hash.update(event.chunk);
      bytes += event.chunk.length;
      if (bytes > 65_536) continue;
      text += Buffer.from(event.chunk).toString();
      await onText(text);
    } else if (event.type === 'exited') ({ exitCode } = event);
    else if (event.type === 'failed') failure = event.message;
    else if (event.type === 'dropped') failure = 'output was dropped';
  }
  return { text, bytes, sha256: hash.digest('hex'), exitCode, failure };
}

const pids = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const commandLine = (pid: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

/** This machine sees all processes of its containers: those that sleep for so long. */
export const sleepers = (seconds: string): number =>
  pids().filter((pid) => commandLine(pid).slice(-3).join(' ').trim() === `sleep ${seconds}`).length;

/** The exec-servers that were attached. */
export const servers = (): string[] => pids().filter((pid) => commandLine(pid).join('') === 'exec-server');

/** A number of seconds that nothing else sleeps for. */
export const newMark = (): string => String(1e8 + Math.floor(Math.random() * 8e8));

/** The children of a process of this machine. */
export function childrenOf(parent: number): number[] {
  return pids()
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until it is so. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + STEP_MS; !isSo();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}
