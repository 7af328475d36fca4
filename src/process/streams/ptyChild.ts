import { closeSync, constants, openSync } from 'node:fs';
import type { Child, ChildSink, TerminalSide } from '../child';
import type { LaunchedInTerminal, Launcher, LaunchSpec } from '../spawn/launcher';
import type { BufferPool } from './bufferPool';
import { PtyReader } from './ptyReader';
import { PtyWriter } from './ptyWriter';
import type { TerminalSize } from '../types';

/** Starts a program in a terminal of its own, as the session leader. Rejects with a SpawnError. */
export async function startPtyChild(spec: LaunchSpec, launcher: Launcher, pool: BufferPool): Promise<Child> {
  return new PtyChild(await launcher.launchInTerminal(spec), pool);
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
  readonly pid: number;
  readonly start: number | undefined;
  readonly mark: number;
  readonly stdin: PtyWriter;
  readonly terminalSide: TerminalSide;
  readonly #heldFd: number | undefined;
  #reader: PtyReader | undefined;
  #open = true;

  constructor(
    private readonly launched: LaunchedInTerminal,
    private readonly pool: BufferPool,
  ) {
    this.pid = launched.pid;
    this.start = launched.start;
    this.mark = launched.mark;
    this.stdin = new PtyWriter(launched.fd);
    this.#heldFd = holdOpen(launched.path);
    this.terminalSide = {
      path: launched.path,
      mode: () => (this.#open ? launched.mode?.() : undefined),
    };
  }

  begin(sink: ChildSink): void {
    const reader = new PtyReader(
      this.launched.fd,
      this.launched.pendingBytes,
      this.launched.isLeft,
      this.pool,
      (chunk) => sink.output('pty', chunk),
      () => sink.streamsEnded(),
      () => {
        // From here on the number may be somebody else's.
        this.#open = false;
        this.stdin.destroy();
      },
    );
    this.#reader = reader;
    reader.resume();
    void this.launched.exit.then((exit) => {
      if (this.#heldFd !== undefined) closeSync(this.#heldFd);
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

  closeStreams(): void {
    this.#reader?.cut();
  }

  resize(size: TerminalSize): void {
    if (this.#open) this.launched.resize(size);
  }
}
