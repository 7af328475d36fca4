import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Says when the FIFOs are there, and stays until its stdin ends: when we die before we have opened them, by SIGKILL
 * too, it is what removes their folder.
 */
const SCRIPT = `trap '' HUP INT TERM; cd / && "$@" && echo && read -r _; [ ! -d "$0" ] || rm -rf "$0"`;
const TIMEOUT_MS = 10_000;

/** A program that makes FIFOs in a folder of ours, for us to open at once. */
export class FifoMaker {
  private readonly child: ChildProcess;

  /** @param program that of mkfifo */
  constructor(program: string, folder: string, paths: readonly string[]) {
    this.child = spawn('/bin/sh', ['-c', SCRIPT, folder, program, '-m', '600', ...paths], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // What it says is of no use once we have given it up.
    this.child.stdin?.on('error', () => undefined);
  }

  /** Resolves when the FIFOs are there; rejects when they could not be made, or not within 10 s. */
  async made(): Promise<void> {
    const { child } = this;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('mkfifo takes too long.')), TIMEOUT_MS);
        child.once('error', reject);
        child.once('close', () => reject(new Error('mkfifo failed.')));
        child.stdout?.once('data', () => resolve());
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Nothing of it is needed any more. */
  end(): void {
    this.child.stdin?.destroy();
    this.child.stdout?.destroy();
  }
}
