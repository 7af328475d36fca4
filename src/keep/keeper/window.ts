import type { Duplex } from 'node:stream';
import type { ManagedProcess, ProcessTable } from '../../environment';
import { messageOf } from '../../values';
import { Channel } from '../channel';
import type { Asked, Reached, RowVerb, ServerVerb, Told } from '../messages';
import type { Keyboards } from './keyboards';
import { rowFacts, rowState } from './rowFacts';
import { RowVerbs } from './rowVerbs';
import { tellOutput } from './tellOutput';

/** What a window is shown, and what it may do. */
export interface WindowMeans {
  readonly table: ProcessTable;
  readonly keyboards: Keyboards;
  /** Names this server in the time-line. */
  readonly name: string;
  readonly reached: () => Reached;
  readonly clients: () => Extract<Told, { type: 'clients' }>['clients'];
  /** Does what is asked of the server itself. Rejects with a sentence. */
  readonly serve: (asked: ServerVerb) => Promise<unknown>;
  readonly left: (window: AttachedWindow) => void;
}

/** A window that is attached: it is told all rows and what comes of them, and does what the person there wants. */
export class AttachedWindow {
  private readonly channel: Channel<Told, Asked>;
  private readonly rows = new Map<string, RowVerbs>();
  private readonly gone = new AbortController();

  constructor(
    stream: Duplex,
    private readonly means: WindowMeans,
  ) {
    const { table, reached, clients, name } = means;
    this.channel = new Channel<Told, Asked>(stream, {
      message: (asked, body) => void this.answer(asked, body),
      closed: () => this.end(),
    });
    this.tell({ type: 'welcome', window: name, ...reached() });
    this.tell({ type: 'clients', clients: clients() });
    for (const row of table.list()) this.added(row);
    table.on('added', this.added).on('changed', this.changed).on('removed', this.removed);
  }

  tell(message: Told): void {
    this.channel.send(message);
  }

  /** Who has its keyboard, or what it waits for, may be another by now. */
  readonly changed = (row: ManagedProcess): void => {
    if (!row.closed) this.tell({ type: 'state', key: row.id, state: rowState(row, this.isElsewhere(row)) });
  };

  /** The server ends. Resolves when what was told has left. */
  close(by: 'person' | 'signal'): Promise<void> {
    this.tell({ type: 'ending', by });
    return this.channel.close();
  }

  private readonly added = (row: ManagedProcess): void => {
    this.rows.set(row.id, new RowVerbs(row, this.means.keyboards, this));
    this.tell({ type: 'row', row: rowFacts(row, this.isElsewhere(row)) });
    if (row.noStart) return;
    // It ends with the window, and has nobody else to be told of.
    tellOutput(row, this.channel, this.gone.signal).catch(() => undefined);
  };

  private readonly removed = ({ id: key }: ManagedProcess): void => {
    this.rows.get(key)?.[Symbol.dispose]();
    this.rows.delete(key);
    this.tell({ type: 'removed', key });
  };

  private isElsewhere(row: ManagedProcess): boolean {
    return this.means.keyboards.isElsewhere(row, this);
  }

  private async answer(asked: Asked, body: Buffer): Promise<void> {
    const { id } = asked;
    try {
      const result = await ('key' in asked ? this.onRow(asked, body) : this.means.serve(asked));
      this.tell({ type: 'answer', id, result });
    } catch (error) {
      this.tell({ type: 'answer', id, error: messageOf(error) });
    }
  }

  private onRow(asked: RowVerb & { readonly key: string }, body: Buffer): Promise<unknown> {
    const row = this.means.table.get(asked.key);
    const verbs = this.rows.get(asked.key);
    if (!row || !verbs) return Promise.reject(new Error('This command is no longer listed.'));
    return verbs.run(asked, body);
  }

  private end(): void {
    const { table, left } = this.means;
    table.off('added', this.added).off('changed', this.changed).off('removed', this.removed);
    this.gone.abort();
    for (const verbs of this.rows.values()) verbs[Symbol.dispose]();
    this.rows.clear();
    left(this);
  }
}
