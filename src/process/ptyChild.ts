import { closeSync, constants, openSync } from 'node:fs';
import type { Child, ChildSink } from './child';
import type { LaunchedInTerminal, Launcher } from './launcher';
import { PtyReader } from './ptyReader';
import { PtyWriter } from './ptyWriter';
import type { SpawnSpec, TerminalSize } from './types';

/** Starts a program in a terminal of its own, as the session leader. Rejects with a SpawnError. */
export async function startPtyChild(spec: SpawnSpec, launcher: Launcher): Promise<Child> {
  // A terminal's programs start shells by this name.
  const env = { SHELL: process.env['SHELL'] ?? '/bin/sh', ...spec.env };
  return new PtyChild(await launcher.launchInTerminal({ ...spec, env }));
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
  readonly stdin: PtyWriter;
  readonly #heldFd: number | undefined;
  #reader: PtyReader | undefined;
  #open = true;

  constructor(private readonly launched: LaunchedInTerminal) {
    this.pid = launched.pid;
    this.stdin = new PtyWriter(launched.fd);
    this.#heldFd = holdOpen(launched.path);
  }

  begin(sink: ChildSink): void {
    const reader = new PtyReader(
      this.launched.fd,
      this.launched.pendingBytes,
      (chunk) => sink.output('pty', chunk),
      () => sink.drained(),
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

  cut(): void {
    this.#reader?.cut();
  }

  resize(size: TerminalSize): void {
    if (this.#open) this.launched.resize(size);
  }
}
