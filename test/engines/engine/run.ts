import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const call = promisify(execFile);
/** For the start of a daemon, in ms. */
const DAEMON_MS = 60_000;

/** Runs a program to its end; rejects with what it said. */
export async function run(program: string, args: readonly string[], env: object = {}): Promise<string> {
  const { stdout } = await call(program, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
  return stdout;
}

/** Of these programs the first that is not there, as a reason. */
export function lacking(paths: readonly string[], install: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can set it up';
  for (const path of paths) {
    try {
      accessSync(path, constants.X_OK);
    } catch {
      return `${path} is not there: install ${install}`;
    }
  }
  return undefined;
}

/** A program in the background whose last words are kept. */
export class Daemon {
  private readonly child: ChildProcess;
  private said = '';

  constructor(program: string, args: readonly string[], env: object = {}) {
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-2000)));
  }

  /** Until `works` resolves; rejects with what the daemon said. */
  async ready(works: () => Promise<unknown>): Promise<void> {
    for (const end = Date.now() + DAEMON_MS; ;) {
      try {
        await works();
        return;
      } catch (error) {
        if (this.child.exitCode !== null || Date.now() > end)
          throw new Error(`${String(error)}\n${this.said}`, { cause: error });
        await sleep(100);
      }
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  }
}
