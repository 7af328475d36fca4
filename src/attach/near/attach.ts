import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AttachError } from './attachError';

export interface AttachOptions {
  /** The words that run a program over there, such as `ssh box`; `sh` is put behind them. */
  readonly command: readonly string[];
  /** The folder that has this package's `dist/`. */
  readonly root: string;
  /** A Node that may be sent if there is none; without it none is. */
  readonly sendNode?: string | undefined;
  /** Told what is done, in a line for people. */
  readonly step: (text: string) => void;
  /** Gives it up as long as no server is ready. */
  readonly signal?: AbortSignal;
}

/** An exec-server on another machine, by its two streams. */
export interface Attached {
  /** The program that leads there; its stderr is this process's own. */
  readonly child: ChildProcess;
  readonly input: Writable;
  /** Paused. */
  readonly output: Readable;
  /** What has come already, to be taken before the output. */
  readonly first: Buffer;
}

/**
 * Starts an exec-server on a machine that need not know of it, over one connection. Rejects with an AttachError; the
 * program has been ended then.
 */
export async function attach(options: AttachOptions): Promise<Attached> {
  const [program = '', ...args] = options.command;
  const child = spawn(program, [...args, 'sh'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: ownEnv(),
    windowsHide: true,
  });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new AttachError(`${program} could not be started: ${error.message}`)),
    );
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await started;
  child.on('error', () => undefined);
  // The program may wait for a person, and would not see the end of its input.
  const abandon = (): unknown => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', abandon, { once: true });
  if (options.signal?.aborted) abandon();
  // A reader that has gone away shows by its exit.
  child.stdin.on('error', () => undefined);
  try {
    // All else is loaded and made ready while the program connects.
    const { untilReady } = await import('./untilReady');
    const first = await untilReady(child, gone, options);
    return { child, input: child.stdin, output: child.stdout, first };
  } catch (error) {
    child.stdin.end();
    abandon();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abandon);
  }
}

/** Without what makes an editor's program a Node: that is for this process alone. */
function ownEnv(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: undefined };
}
