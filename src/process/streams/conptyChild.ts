import type { Child, ChildExit, ChildSink, StdinPipe } from '../child';
import { loadWindowsPty, type WindowsTerminal } from '../native/nodePty';
import { orNoTerminals } from '../native/orNoTerminals';
import { SpawnError, toSpawnError } from '../errors';
import { DEFAULT_SIZE, type SpawnSpec, type TerminalSize } from '../types';

/** node-pty tells the exit when its output has ended or soon after; later data gets this long, in ms. */
const LATE_OUTPUT_MS = 250;

/**
 * Starts a program in a Windows pseudoconsole, through node-pty's public interface.
 *
 * Written from node-pty's documentation and sources; never run by this project's tests, which have no
 * Windows machine.
 *
 * @throws SpawnError when it cannot be started
 */
export function startWindowsPtyChild(spec: SpawnSpec): Child {
  const [program, ...args] = spec.argv;
  if (program === undefined || program === '') throw new SpawnError('missing program for PTY spawn');
  if (spec.arg0 !== undefined && spec.arg0 !== program) {
    throw new SpawnError('arg0 with tty: true is not possible on Windows; leave arg0 out, or use pipes.');
  }
  const pty = orNoTerminals('node-pty', loadWindowsPty);
  const { rows, cols } = spec.size ?? DEFAULT_SIZE;
  try {
    const options = { cwd: spec.cwd, env: { ...spec.env }, rows, cols, encoding: null };
    return new WindowsPtyChild(pty.spawn(program, args, options));
  } catch (error) {
    throw toSpawnError(error);
  }
}

class WindowsPtyChild implements Child {
  readonly start = undefined;
  readonly mark = 0;
  readonly stdin: StdinPipe;
  #endStreams: (() => void) | undefined;

  constructor(private readonly terminal: WindowsTerminal) {
    const write = (data: string | Buffer): Promise<boolean> => {
      terminal.write(data);
      return Promise.resolve(true);
    };
    this.stdin = {
      write: (chunk) => write(Buffer.from(chunk)),
      end: () => write('\x04'),
      destroy: () => undefined,
    };
  }

  get pid(): number {
    return this.terminal.pid;
  }

  begin(sink: ChildSink): void {
    this.#endStreams = () => {
      this.#endStreams = undefined;
      sink.streamsEnded();
    };
    // With encoding null the data may be a string all the same, of UTF-8 that node-pty decoded.
    this.terminal.onData((data) => {
      if (this.#endStreams) sink.output('pty', Buffer.from(data));
    });
    this.terminal.onExit(({ exitCode }) => {
      const exit: ChildExit = { code: exitCode, signal: null };
      sink.exited(exit);
      setTimeout(() => this.#endStreams?.(), LATE_OUTPUT_MS);
    });
  }

  pause(): void {
    this.terminal.pause();
  }

  resume(): void {
    this.terminal.resume();
  }

  closeStreams(): void {
    this.#endStreams?.();
  }

  resize({ rows, cols }: TerminalSize): void {
    this.terminal.resize(cols, rows);
  }
}
