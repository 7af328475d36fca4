import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrashLedger } from './crashLedger';
import type { Family } from './family';

export const LEDGER_NAME = 'running';

/**
 * Waits for a line, which says that all is well, or for the end of the pipe, which says that we are gone. A
 * shell, because it stays as long as we do: a Node of its own would cost 40 MB.
 */
const WATCH = `read -r _ && exit
case $(cat "$2/${LEDGER_NAME}") in
  *[0-9]*) exec "$0" "$1" "$2" ;;
  *) rm -r "$2" ;;
esac`;

/**
 * Sees to it that no process stays behind when this one dies without a word, as by SIGKILL or a crash of the
 * editor's host: a shell notices the end and runs the sweeper, which ends what the ledger names. On Windows
 * there is none: there the system ends the children of a Node that dies.
 */
export class CrashGuard {
  #ledger: CrashLedger | undefined;
  #folder = '';
  #watcher: ChildProcess | undefined;
  /** Without a folder or a shell things go on, only less safe. */
  #failed = process.platform === 'win32';

  /** @param sweeper the script that is run with the ledger's folder as its argument */
  constructor(private readonly sweeper: string) {}

  /** To be called right after the start. */
  note(family: Family): void {
    const { identity } = family;
    if (!identity || this.#failed) return;
    try {
      this.#ledger ??= this.#open();
      this.#ledger.note(family, identity);
      this.#watcher ??= this.#watch();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nothing of it is left, or it is no longer ours to end. */
  forget(family: Family): void {
    try {
      this.#ledger?.forget(family);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** All is well: nobody needs to look after us. A later note begins anew. */
  dispose(): void {
    const { stdin } = this.#watcher ?? {};
    stdin?.on('error', () => undefined);
    stdin?.end('\n');
    this.#close();
  }

  /** The same for a moment in which nothing can be waited for, once everything has been killed. */
  disposeNow(): void {
    this.#watcher?.kill('SIGKILL');
    this.#close();
  }

  #open(): CrashLedger {
    // Mode 0700.
    this.#folder = mkdtempSync(join(tmpdir(), 'exec-server-'));
    return new CrashLedger(join(this.#folder, LEDGER_NAME));
  }

  #watch(): ChildProcess {
    const watcher = spawn('/bin/sh', ['-c', WATCH, process.execPath, this.sweeper, this.#folder], {
      // What is sent to our process group or terminal is not meant for it.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      // The editor's own program is a Node only if it is told so.
      env: { PATH: process.env['PATH'], ELECTRON_RUN_AS_NODE: '1' },
    });
    watcher.on('error', (error) => this.#fail(error));
    watcher.once('exit', () => {
      // Somebody killed it: the next start brings another one.
      if (this.#watcher === watcher) this.#watcher = undefined;
    });
    watcher.unref();
    (watcher.stdin as unknown as { unref(): void }).unref();
    return watcher;
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.disposeNow();
    process.emitWarning(
      `Processes may stay behind if this program crashes: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  #close(): void {
    this.#watcher = undefined;
    try {
      this.#ledger?.close();
      if (this.#ledger) rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // A file more among the temporary ones.
    }
    this.#ledger = undefined;
  }
}
