import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessTree } from '../stop/processTree';
import { CrashLedger } from './crashLedger';
import { pidScope, thisHost } from './hostIdentity';
import { notePlaceholders } from './placeholderNotes';
import { makePrivate } from './ledgerFolder';
import { ledgerName, staleLedgers } from './staleLedgers';
import { hostMark } from '../observe/newborn';
import { messageOf } from '../../values';

/**
 * Waits for a line, which says that all is well, or for the end of the pipe, which says that we are gone. A
 * shell, because it stays as long as we do: a Node of its own would cost 40 MB. What it runs is in its environment,
 * so that whoever ends all programs with our name in their arguments leaves it.
 */
const WATCH = 'read -r _ && exit; exec "$RUN_BY" "$RUN_SCRIPT" "$RUN_ON" "$RUN_MARK"';

/** Ledgers of this process so far. */
let opened = 0;

/** What a guard works with. */
export interface CrashGuardOptions {
  /** The script that ends what is left behind: `sweep.js` of the build. */
  readonly sweeper: string;
  /** Where ledgers lie, see `ledgerFolder`; made when it is first needed, and then only its owner can look into it. */
  readonly folder: string;
}

/**
 * Sees to it that no process stays behind when this one dies without a word, as by SIGKILL or a crash of the
 * editor's host: a shell notices the end and runs the sweeper, which ends what the ledger names and what carries a
 * mark of this host. Should the shell have died too, the next host does it. On Windows there is none: there the
 * system ends the children of a Node that dies.
 */
export class CrashGuard {
  #ledger: CrashLedger | undefined;
  #watcher: ChildProcess | undefined;
  /** Without a folder or a shell things go on, only less safe. */
  #failed = process.platform === 'win32';

  constructor(private readonly options: CrashGuardOptions) {}

  /** To be called right after the start. */
  note(tree: ProcessTree): void {
    const { identity } = tree;
    if (identity) this.#write((ledger) => ledger.note(tree, identity));
  }

  /** The placeholders of sandboxes that are there, or will be in a moment: all of them. */
  notePlaceholders(paths: readonly string[]): void {
    this.#write((ledger) => notePlaceholders(ledger.path, paths));
  }

  #write(note: (ledger: CrashLedger) => void): void {
    if (this.#failed) return;
    try {
      this.#ledger ??= this.#open();
      note(this.#ledger);
      this.#watcher ??= this.#watch(this.#ledger.path);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nothing of it is left, or it is no longer ours to end. */
  forget(tree: ProcessTree): void {
    try {
      this.#ledger?.forget(tree);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends, in a process of its own, what hosts before this one have left behind. Resolves when that has begun. */
  async sweep(): Promise<void> {
    if (this.#failed) return;
    for (const ledger of await staleLedgers(this.options.folder)) {
      const options = { detached: true, cwd: '/', stdio: 'ignore', env: sweeperEnvironment() } as const;
      const sweeper = spawn(process.execPath, [this.options.sweeper, ledger], options);
      // The next host tries again.
      sweeper.on('error', () => undefined);
      sweeper.unref();
    }
  }

  /** All is well: nobody needs to look after us. A later note begins anew. */
  dispose(): void {
    const { stdin } = this.#watcher ?? {};
    stdin?.on('error', () => undefined);
    stdin?.end('\n');
    this.#close();
  }

  /** Synchronous `dispose`, for an exit handler: stops the guard after everything has been killed. */
  disposeNow(): void {
    this.#watcher?.kill('SIGKILL');
    this.#close();
  }

  #open(): CrashLedger {
    const { folder } = this.options;
    makePrivate(folder);
    const host = thisHost();
    return new CrashLedger(join(folder, ledgerName(pidScope(), host, ++opened)), host);
  }

  #watch(ledger: string): ChildProcess {
    const watcher = spawn('/bin/sh', ['-c', WATCH], {
      // What is sent to our process group or terminal is not meant for it.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {
        ...sweeperEnvironment(),
        RUN_BY: process.execPath,
        RUN_SCRIPT: this.options.sweeper,
        RUN_ON: ledger,
        RUN_MARK: String(hostMark()),
      },
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
    process.emitWarning(`Processes may stay behind if this program crashes: ${messageOf(error)}`);
  }

  #close(): void {
    this.#watcher = undefined;
    try {
      if (this.#ledger) notePlaceholders(this.#ledger.path, []);
      this.#ledger?.close();
    } catch {
      // The next host removes it.
    }
    this.#ledger = undefined;
  }
}

/** The editor's own program is a Node only if it is told so. */
const sweeperEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  ELECTRON_RUN_AS_NODE: '1',
});
