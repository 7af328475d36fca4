import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  CrashGuard,
  hostEnvironment,
  ledgerFolder,
  ProcessTable,
  type SpillOptions,
  type Survivor,
  type TableLimits,
} from '../process';
import type { SandboxPolicy } from '../model';
import { LocalHostBackend } from './localHostBackend';

/** Where the bundler puts the sweeper, seen from the bundle; from the sources when absent. */
declare const EXEC_SERVER_SWEEPER: string | undefined;
const SWEEPER = typeof EXEC_SERVER_SWEEPER === 'string' ? EXEC_SERVER_SWEEPER : '../../dist/sweep.js';

/** Until it is looked for what hosts before have left behind, in ms. */
const SWEEP_MS = 300;

export interface HostOptions {
  /** What commands may do that ask for no restriction, all when absent; asked each time. */
  readonly defaultSandbox?: () => SandboxPolicy | undefined;
  /** Bounds of the table; absent ones have its defaults. */
  readonly limits?: Partial<TableLimits>;
  /** A person is there to answer prompts that hide what is typed, false when absent: agents' input waits for that. */
  readonly attended?: boolean;
  /** Where this program keeps its state, should the system have no folder for what runs; absolute. */
  readonly stateFolder?: string;
  /** Where output is kept that memory has no room for; nowhere when absent. */
  readonly spill?: SpillOptions;
  /** Absolute paths of what opens a door of a host like this one, which no sandboxed command may read; asked each time. */
  readonly secrets?: () => readonly string[];
  /** Takes a sentence for the log, about what this machine lacks; a process warning when absent. */
  readonly warn?: (message: string) => void;
}

/**
 * This machine, set up to run processes: their table, and what sees to it that none of them outlives this process,
 * whether it exits or dies without a word.
 */
export class Host {
  readonly table: ProcessTable;
  /** Starts processes in the table, with the environment that they have here. */
  readonly backend: LocalHostBackend;
  private readonly lastMoment: () => void;
  private readonly sweep: NodeJS.Timeout;

  constructor({
    limits = {},
    stateFolder,
    spill,
    warn,
    defaultSandbox,
    secrets,
    attended = false,
  }: HostOptions = {}) {
    const sweeper = path.join(__dirname, SWEEPER);
    if (!existsSync(sweeper))
      process.emitWarning(`Processes may stay behind if this program crashes: there is no ${sweeper}`);
    const guard = new CrashGuard({ sweeper, folder: ledgerFolder(process.env, stateFolder) });
    // What hosts before this one have left behind can wait until this one has answered its first client.
    this.sweep = setTimeout(() => void guard.sweep(), SWEEP_MS).unref();
    this.table = new ProcessTable(limits, {
      guard,
      ...(secrets && { secrets }),
      attended,
      ...(warn && { warn }),
      ...(spill && { spill }),
    });
    this.backend = new LocalHostBackend(this.table, () => hostEnvironment(process.env), defaultSandbox);
    this.lastMoment = () => this.table.killAllNow();
    process.once('exit', this.lastMoment);
  }

  /** Ends all processes by the ladder, within 3 s, and starts no more. Resolves with what is left. */
  async close(options: { readonly graceMs?: number } = {}): Promise<Survivor[]> {
    clearTimeout(this.sweep);
    const survivors = await this.table.shutdown(options);
    process.off('exit', this.lastMoment);
    this.table.forgetSpilled();
    return survivors;
  }
}
