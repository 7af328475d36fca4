import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ManagedProcess, ProcessTable } from '../../environment';
import { dial, type WindowRecord } from '../../agents/discovery';
import type { Deed } from '../../record';
import type { ClientInfo, Logger } from '../../server';
import { messageOf } from '../../values';
import type { Reached, RowFacts, ServerVerb, Told, ToldOfRow } from '../messages';
import type { KeepSettings } from '../settings';
import { KeptChild } from './keptChild';
import { KeptLink } from './keptLink';

const LOST =
  'The kept server ended without a word, and its commands with it. "Exec Server: Start Server" starts another one.';
/** By whom. */
const ENDED = {
  person: 'The kept server was ended from another window, and its commands with it.',
  signal:
    'The kept server was ended by a signal from outside, and its commands with it. "Exec Server: Start Server" starts another one.',
} as const;

export interface KeptMeans {
  /** Lists what is kept, as rows of this window. */
  readonly table: ProcessTable;
  readonly log: Logger;
  /** Told what the server notes in the time-line. */
  readonly happened: (deed: Deed) => void;
  /** It has ended without being asked to by this window; why, in a sentence. */
  readonly gone: (problem: string) => void;
  /** This window is attached to it no more, for whatever reason. */
  readonly over: () => void;
  /** Its address or its token is another now. */
  readonly reached: () => void;
}

/** A server that is kept for this workspace, as a window sees it: its switch, its clients, and its rows in the table. */
export class KeptServer extends EventEmitter<{ clients: [] }> {
  /** Names it in the time-line. */
  name = '';
  private at: Reached = { url: '', token: '' };
  private told: readonly ClientInfo[] = [];
  private readonly link: KeptLink;
  private readonly children = new Map<string, KeptChild>();
  private readonly rows = new Map<string, ManagedProcess>();
  private readonly keys = new WeakMap<ManagedProcess, string>();
  private welcomed: (problem?: Error) => void = () => undefined;
  private readonly welcome = new Promise<void>((resolve, reject) => {
    this.welcomed = (problem) => (problem ? reject(problem) : resolve());
  });
  private ended: () => void = () => undefined;
  private readonly over = new Promise<void>((resolve) => (this.ended = resolve));
  /** Rows that went before they were listed here. */
  private readonly unlisted = new Set<string>();
  private leaving = false;
  /** This window has asked for its end. */
  private ending = false;
  /** Who has. */
  private endedBy: keyof typeof ENDED | undefined;

  private constructor(
    stream: Duplex,
    /** Where programs of this person reach it. */
    readonly socket: string,
    private readonly means: KeptMeans,
  ) {
    super();
    this.link = new KeptLink(stream, {
      message: (message, body) => this.take(message, body),
      closed: () => this.gone(),
    });
  }

  /** Attaches this window to a server. Rejects with a sentence when it is gone by now. */
  static async attach(record: WindowRecord, means: KeptMeans): Promise<KeptServer> {
    const server = new KeptServer(await dial(record, 'person'), record.socket, means);
    await server.welcome;
    return server;
  }

  get url(): string {
    return this.at.url;
  }

  get token(): string {
    return this.at.token;
  }

  get clients(): readonly ClientInfo[] {
    return this.told;
  }

  /** Others find it by its own socket. */
  acceptStream(stream: Duplex): void {
    stream.destroy();
  }

  keepClient(client: string): void {
    this.serve({ verb: 'keepClient', client });
  }

  async endClient(client: string): Promise<void> {
    await this.link.ask({ verb: 'endClient', client });
  }

  async disconnectClient(client: string): Promise<void> {
    await this.link.ask({ verb: 'disconnectClient', client });
  }

  async renewToken(): Promise<void> {
    await this.link.ask({ verb: 'renewToken' });
  }

  /** Rows that have ended go, for all windows. */
  clearFinished(): void {
    this.serve({ verb: 'clearFinished' });
  }

  /** The workspace has other folders now. */
  setFolders(folders: readonly string[]): void {
    this.serve({ verb: 'folders', folders });
  }

  configure(settings: KeepSettings): void {
    this.serve({ verb: 'settings', settings });
  }

  /** The row of what happened there under this key, while it is listed here. */
  row(key: string): ManagedProcess | undefined {
    return this.rows.get(key);
  }

  /** Its key there; undefined for a row of this window's own. */
  keyOf(row: ManagedProcess): string | undefined {
    return this.keys.get(row);
  }

  /** Leaves it: it goes on, with all that it runs. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.link.close();
  }

  /** Ends it with all that it runs, for all windows. Resolves when it has ended. */
  async close(): Promise<void> {
    this.ending = true;
    // It may be gone before it has answered.
    await this.link.ask({ verb: 'endEverything' }).catch(() => undefined);
    await this.over;
  }

  private serve(verb: ServerVerb): void {
    this.link.ask(verb).catch((error: unknown) => this.means.log.warn(messageOf(error)));
  }

  private take(message: Told, body: Buffer): void {
    const { log, happened, reached } = this.means;
    if ('key' in message) return this.takeOfRow(message, body);
    switch (message.type) {
      case 'welcome':
        this.name = message.window;
        this.at = message;
        return this.welcomed();
      case 'reached':
        this.at = message;
        return reached();
      case 'clients':
        this.told = message.clients;
        this.emit('clients');
        return;
      case 'row':
        return this.list(message.row);
      case 'ending':
        this.endedBy = message.by;
        return;
      case 'deed':
        return happened(message.deed);
      case 'log':
        return log[message.level](message.text);
      case 'answer':
        // The link's own.
        return;
    }
  }

  private takeOfRow(message: ToldOfRow, body: Buffer): void {
    const { key } = message;
    const child = this.children.get(key);
    switch (message.type) {
      case 'state':
        return child?.state(message.state);
      case 'output':
        return child?.output(message.stream, body);
      case 'dropped':
        return child?.dropped(message.seq, message.bytes);
      case 'exited':
        return child?.exited(message.end);
      case 'closed':
        return child?.closed();
      case 'removed':
        return this.removed(key);
    }
  }

  /** Its output may come to its end here later than there. */
  private removed(key: string): void {
    const row = this.rows.get(key);
    if (!row) return void this.unlisted.add(key);
    this.rows.delete(key);
    const forget = (): void => {
      if (!row.closed) return;
      stop();
      this.means.table.clear(row);
      this.children.delete(key);
    };
    const stop = row.subscribeWake(() => queueMicrotask(forget));
    forget();
  }

  private list(row: RowFacts): void {
    const { table, log } = this.means;
    const { key, processId, owner, pid, noStart, startedAt } = row;
    const spec = { ...row.spec, env: {} };
    const listed = (process: ManagedProcess): void => {
      this.rows.set(key, process);
      this.keys.set(process, key);
      if (this.unlisted.delete(key)) this.removed(key);
    };
    if (pid === null) {
      const process = noStart && table.noteUnstarted(processId, spec, owner, noStart, null, startedAt);
      if (process) listed(process);
      return;
    }
    const child: KeptChild = new KeptChild(
      row,
      pid,
      (verb, body, left) => this.link.ask({ key, ...verb }, body, left),
      (held) => this.link.holdBack(child, held),
    );
    this.children.set(key, child);
    table
      .adopt(processId, spec, owner, null, () => Promise.resolve(child))
      .then(listed, (error: unknown) => log.warn(`a kept command is not shown: ${messageOf(error)}`));
  }

  private gone(): void {
    this.welcomed(new Error(LOST));
    const problem = this.endedBy ? ENDED[this.endedBy] : LOST;
    if (!this.leaving) for (const child of this.children.values()) child.lost(problem);
    this.ended();
    this.means.over();
    if (!this.leaving && !this.ending) this.means.gone(problem);
  }
}
