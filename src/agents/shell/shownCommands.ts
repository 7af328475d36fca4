import { watch, type FSWatcher } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, livesOn, type ManagedProcess, type ProcessTable } from '../../environment';
import { makeOwn } from '../discovery/identity';
import { messageOf } from '../../values';
import { agentOwner } from './agentName';
import { parseAnnouncement, type Announcement } from './announcement';
import { ownCommand } from './ownCommand';
import { readWhole } from './readWhole';
import { ShownCommand } from './shownCommand';

const ABOUT = '.about';
/** Where the system tells of no changes, and for what was half written, in ms. */
const LOOK_MS = 1000;
/** How long a command of another window is not looked at again, in ms: that may have been closed. */
const OTHERS_MS = 5000;
/** What is left of a command that ended while nobody looked goes after this, in ms. */
const STALE_MS = 60_000;
/** Whoever announces a command has written all of it after this, in ms. */
const WRITTEN_MS = 5000;
/** More than the system takes as the words of one command. */
const MAX_ANNOUNCEMENT_BYTES = 4 * 1024 * 1024;
/** Commands that are shown at once: each is looked at some times a second. */
const MAX_SHOWN = 256;

export interface ShownCommandsOptions {
  readonly table: Pick<ProcessTable, 'adopt' | 'clear' | 'list'>;
  /** Where commands are announced; made where it is not there. */
  readonly folder: string;
  /** Asked once for each look: tells whether commands of a folder are shown here, and not in another window. */
  readonly judge: () => (cwd: string) => boolean;
  /** What could not be shown, for the log. */
  readonly failed: (message: string) => void;
}

/** Shows the commands that agents run themselves: those that run already, and each as it is announced. */
export class ShownCommands {
  private readonly seen = new Set<string>();
  /** When to look again at those that are not shown now, by `performance.now`. */
  private readonly later = new Map<string, number>();
  private isFull = false;
  private readonly open = new Map<ShownCommand, { readonly name: string; row?: ManagedProcess }>();
  /** The ids of agents of which nothing is shown any more. */
  private readonly left = new Set<string>();
  private watcher: FSWatcher | undefined;
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | undefined;
  private again = false;
  private closed = false;

  /** @throws Error when the folder cannot be made, or belongs to somebody else */
  constructor(private readonly options: ShownCommandsOptions) {
    makeOwn(options.folder);
    try {
      this.watcher = watch(options.folder, () => this.look()).on('error', () => undefined);
    } catch {
      // Out of watches: the timer looks.
    }
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
    this.look();
  }

  /** Shows no more; the commands go on, and the next window shows them. */
  async close(): Promise<void> {
    this.closed = true;
    this.watcher?.close();
    clearInterval(this.timer);
    await this.looking;
    await Promise.all([...this.open.keys()].map((command) => command.let()));
  }

  /** Shows no more of an agent's conversation: neither what it has run, nor what it runs and will run, which goes on. */
  async leave(ownerId: string): Promise<void> {
    this.left.add(ownerId);
    const isTheirs = (row: ManagedProcess | undefined): boolean => row?.owner.id === ownerId;
    for (const [command, { name, row }] of this.open) {
      if (!isTheirs(row)) continue;
      this.open.delete(command);
      await command.leave();
      // What it leaves on disk is swept at its end.
      this.seen.delete(name);
    }
    for (const row of this.options.table.list().filter(isTheirs)) this.options.table.clear(row);
  }

  private look(): void {
    for (const command of this.open.keys()) command.look();
    this.again = true;
    this.looking ??= this.lookAll().finally(() => (this.looking = undefined));
  }

  private async lookAll(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      const names = await readdir(this.options.folder).catch(() => []);
      const fresh = names.filter((name) => name.endsWith(ABOUT) && !this.seen.has(name) && this.isDue(name));
      // After the listing: whoever announced a command had seen its window.
      const isMine = fresh.length > 0 ? this.options.judge() : () => false;
      for (const name of fresh) await this.take(name, isMine);
    }
  }

  private isDue(name: string): boolean {
    if ((this.later.get(name) ?? 0) > performance.now()) return false;
    this.later.delete(name);
    return true;
  }

  private async take(name: string, isMine: (cwd: string) => boolean): Promise<void> {
    const path = join(this.options.folder, name);
    const announcement = parseAnnouncement(await readWhole(path, MAX_ANNOUNCEMENT_BYTES));
    // Not whole yet, or what another version has left.
    if (!announcement) return this.sweep(name);
    const isShown = isMine(announcement.cwd) && !this.left.has(agentOwner(announcement).id);
    if (!isShown || !this.hasRoom()) {
      this.later.set(name, performance.now() + OTHERS_MS);
      return this.sweep(name, announcement);
    }
    this.seen.add(name);
    try {
      await this.show(path, name, announcement);
    } catch (error) {
      this.options.failed(`a command of an agent is not shown: ${messageOf(error)}`);
    }
  }

  private hasRoom(): boolean {
    const isFull = this.open.size >= MAX_SHOWN;
    if (isFull && !this.isFull)
      this.options.failed(
        `${MAX_SHOWN} commands that agents run themselves are shown: others are when some of them have ended`,
      );
    this.isFull = isFull;
    return !isFull;
  }

  private async show(path: string, name: string, announcement: Announcement): Promise<void> {
    const base = path.slice(0, -ABOUT.length);
    const { birthtimeMs } = await stat(path);
    const { argv, cwd } = announcement;
    const label = ownCommand(argv);
    const spec = {
      argv,
      cwd,
      env: {},
      tty: false,
      pipeStdin: false,
      ...(label === undefined ? {} : { label }),
    };
    const command = await ShownCommand.open(announcement, base, birthtimeMs, () => {
      this.open.delete(command);
      void this.remove(base);
    });
    if (this.closed) return command.let();
    const entry: { readonly name: string; row?: ManagedProcess } = { name };
    this.open.set(command, entry);
    const id = name.slice(0, -ABOUT.length);
    const start = (): Promise<ShownCommand> => Promise.resolve(command);
    try {
      entry.row = await this.options.table.adopt(id, spec, agentOwner(announcement), null, start);
    } catch (error) {
      this.open.delete(command);
      await command.let();
      throw error;
    }
  }

  /** What nobody shows, because its window is gone or it is no announcement, must not stay for ever. */
  private async sweep(name: string, announcement?: Announcement): Promise<void> {
    const path = join(this.options.folder, name);
    const lives =
      announcement &&
      (announcement.start === undefined
        ? identityOf(announcement.pid) !== undefined
        : livesOn(announcement.pid, announcement.start));
    const status = await stat(path).catch(() => undefined);
    const age = Date.now() - (status?.mtimeMs ?? 0);
    if (!lives && status && age > STALE_MS) await this.remove(path.slice(0, -ABOUT.length));
    // Nothing more comes: it is not read again and again until it goes.
    else if (!announcement && age > WRITTEN_MS) this.later.set(name, performance.now() + STALE_MS);
  }

  private async remove(base: string): Promise<void> {
    const endings = [ABOUT, '.out', '.err', '.out.pid', '.err.pid', '.exit'];
    await Promise.all(endings.map((ending) => rm(base + ending, { force: true }).catch(() => undefined)));
    const name = `${base.slice(base.lastIndexOf('/') + 1)}${ABOUT}`;
    this.seen.delete(name);
    this.later.delete(name);
  }
}
