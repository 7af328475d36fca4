import { EventEmitter } from 'node:events';
import path from 'node:path';
import type { ExtensionContext } from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment';
import {
  earlierCommands,
  endedByCrash,
  Journal,
  Recorder,
  type Client,
  type Deed,
  type EarlierCommand,
  type Happening,
  type ServerEnd,
} from '../../record';
import type { Log } from '../show/log';
import { settings } from '../settings';
import { workspaceName } from '../workspaceName';
import { logDeed } from './logDeed';

/** The rows of a kept server, as its time-line calls them. */
interface KeptRows {
  readonly name: string;
  keyOf(row: ManagedProcess): string | undefined;
  row(key: string): ManagedProcess | undefined;
}

/** A row as the time-line calls it. */
export interface RowPlace {
  readonly window: string;
  readonly row: string;
}

/** What happened in this window and in those before it. Emits `earlier` when what earlier windows ran is known, or gone. */
export class History extends EventEmitter<{ earlier: [] }> {
  /** What ran in earlier windows of this workspace, the latest first. */
  earlier: readonly EarlierCommand[] = [];
  /** What the last of them was running when it ended without a word. */
  crashed: readonly EarlierCommand[] = [];
  /** Where the time-line of this workspace is kept. */
  readonly folder: string;
  /** The server that is kept for this workspace, while this window is attached to it: it has a time-line of its own. */
  kept: () => KeptRows | undefined = () => undefined;
  private readonly journal: Journal;
  private readonly recorder: Recorder;
  /** Why this window's server ends what it runs, while it does. */
  private why: ServerEnd | undefined;

  constructor(
    private readonly table: ProcessTable,
    context: Pick<ExtensionContext, 'globalStorageUri'>,
    private readonly log: Log,
  ) {
    super();
    this.folder = path.join(context.globalStorageUri.fsPath, 'happened', workspaceName() ?? 'no-folder');
    this.journal = new Journal({
      folder: this.folder,
      limit: settings.recordBytes,
      onTrouble: (problem) => log.warn(problem),
    });
    this.recorder = new Recorder(table, this.note);
    this.note({ kind: 'opened' });
  }

  /** Notes that this has happened just now, and tells the log of what runs and ends. */
  readonly note = (noted: Deed): void => {
    const { why } = this;
    const deed = why && noted.kind === 'ended' && noted.by === 'shutdown' ? { ...noted, why } : noted;
    this.journal.note(deed);
    logDeed(this.log, deed);
  };

  /** What the server ends during this step ends because of it. Rejects as the step does. */
  readonly because = async (why: ServerEnd, step: () => Promise<void>): Promise<void> => {
    this.why = why;
    try {
      await step();
    } finally {
      this.why = undefined;
    }
  };

  /** Those of a kept server are noted there. */
  seeClients(clients: readonly Client[]): void {
    this.recorder.seeClients(this.kept() ? [] : clients);
  }

  /** A kept server has noted this. */
  readonly noted = (deed: Deed): void => logDeed(this.log, deed);

  /** Finds out what earlier windows ran. */
  async load(): Promise<void> {
    const happenings = await this.journal.read();
    const lives = (window: string): boolean => this.journal.lives(window);
    this.earlier = earlierCommands(happenings, lives);
    this.crashed = endedByCrash(happenings, lives, this.journal.window);
    if (this.earlier.length) this.emit('earlier');
  }

  /** Everything that is kept, oldest first. */
  read(): Promise<Happening[]> {
    return this.journal.read();
  }

  /** How the time-line calls a row of this window. */
  placeOf(row: ManagedProcess): RowPlace {
    const kept = this.kept();
    const key = kept?.keyOf(row);
    return kept && key !== undefined
      ? { window: kept.name, row: key }
      : { window: this.journal.window, row: row.id };
  }

  /** The row that this is about, while this window lists it. */
  rowOf({ window, row }: RowPlace): ManagedProcess | undefined {
    if (window === this.journal.window) return this.table.get(row);
    const kept = this.kept();
    return kept?.name === window ? kept.row(row) : undefined;
  }

  /** A person does not want to see any more what earlier windows ran. */
  clear(): void {
    this.note({ kind: 'cleared' });
    this.earlier = [];
    this.emit('earlier');
  }

  /** The end of the window; resolves when all is on the disk. */
  async close(): Promise<void> {
    this.recorder[Symbol.dispose]();
    this.note({ kind: 'closed' });
    await this.journal.flushed();
  }
}
