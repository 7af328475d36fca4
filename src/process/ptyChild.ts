import { closeSync, constants, openSync } from 'node:fs';
import type { Child, ChildExit, ChildSink } from './child';
import { checkFolder, checkProgram } from './findProgram';
import { openTerminals, withoutGaps } from './openTerminals';
import { terminalsOrSpawnError, type NativePty, type PtyLoader } from './ptyModule';
import { PtyReader } from './ptyReader';
import { PtyWriter } from './ptyWriter';
import { SpawnError } from './spawnError';
import { withArg0 } from './ptyArg0';
import { DEFAULT_SIZE, type SpawnSpec, type TerminalSize } from './types';

/**
 * Starts a program in a terminal of its own, as the session leader. Throws a SpawnError.
 *
 * This is node-pty's native part without its JavaScript, which adds PWD and TERM to the environment, loses
 * the last bytes at the exit and closes the terminal 200 ms after it, read or not.
 */
export function startPtyChild(spec: SpawnSpec, load: PtyLoader): Child {
  const [program] = spec.argv;
  if (program === undefined) throw new SpawnError('missing program for PTY spawn');
  const { native, helperPath } = terminalsOrSpawnError(load);
  checkFolder(spec.cwd);
  checkProgram(program, spec.cwd, spec.env);
  const [file = program, ...args] = withArg0(spec);
  const { rows, cols } = spec.size ?? DEFAULT_SIZE;
  // A terminal's programs start shells by this name.
  const env = Object.entries({ SHELL: process.env['SHELL'] ?? '/bin/sh', ...spec.env });
  let onExit: (exit: ChildExit) => void = () => undefined;
  const exit = new Promise<ChildExit>((resolve) => {
    onExit = resolve;
  });
  const { fd, pid, pty } = fork(() =>
    native.fork(
      file,
      args,
      env.map(([name, value]) => `${name}=${value}`),
      spec.cwd,
      cols,
      rows,
      -1,
      -1,
      true,
      helperPath,
      (code, signal) => onExit(signal > 0 ? { code: null, signal } : { code, signal: null }),
    ),
  );
  return new PtyChild(pid, fd, holdOpen(pty), native, exit);
}

function fork<T>(start: () => T): T {
  try {
    return withoutGaps(start);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SpawnError(`No terminal could be opened: ${reason}`);
  }
}

/**
 * On Linux a terminal that nobody has open is at its end by an error, and the stream closes the master at
 * once. So it is held open until the child's exit; undefined if that is not possible or not needed.
 */
function holdOpen(path: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

class PtyChild implements Child {
  readonly stdin: PtyWriter;
  #reader: PtyReader | undefined;
  #open = true;

  constructor(
    readonly pid: number,
    private readonly fd: number,
    private readonly heldFd: number | undefined,
    private readonly native: NativePty,
    private readonly exit: Promise<ChildExit>,
  ) {
    this.stdin = new PtyWriter(fd);
    openTerminals.add(fd);
  }

  begin(sink: ChildSink): void {
    const reader = new PtyReader(
      this.fd,
      (chunk) => sink.output('pty', chunk),
      () => sink.drained(),
      () => {
        // From here on the number may be somebody else's.
        this.#open = false;
        openTerminals.delete(this.fd);
        this.stdin.destroy();
      },
    );
    this.#reader = reader;
    reader.resume();
    void this.exit.then((exit) => {
      if (this.heldFd !== undefined) closeSync(this.heldFd);
      reader.childExited();
      sink.exited(exit);
    });
  }

  pause(): void {
    this.#reader?.pause();
  }

  resume(): void {
    this.#reader?.resume();
  }

  cut(): void {
    this.#reader?.cut();
  }

  resize({ rows, cols }: TerminalSize): void {
    if (this.#open) this.native.resize(this.fd, cols, rows, 0, 0);
  }
}
