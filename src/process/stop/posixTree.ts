import type { OrphanLook } from '../observe/orphanLook';
import type { Orphan, ProcessInfo, ProcessLookup } from '../observe/processLookup';
import type { Rung, Survivor } from '../types';
import { groupExists } from './groupExists';
import { insideOf, sendInside, sendToGroup } from './inside';
import type { ProcessTree, TreeIdentity } from './processTree';

const SIGNALS: Record<Rung, NodeJS.Signals> = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' };

/** While a sandbox is being set up nothing is inside of it: so often it is looked for, so many ms apart. */
const INSIDE_TRIES = 400;
const INSIDE_MS = 5;

/** Who started what is in the tree. */
export interface Leader extends Omit<TreeIdentity, 'start'> {
  /** Undefined if it was gone before anybody looked. */
  readonly start: number | undefined;
  /** It is a sandbox, and no more: with it all ends at once, so only a kill is for it. */
  readonly isWrapper?: boolean;
}

/** What a tree on POSIX works with. */
export interface TreeMeans {
  readonly lookup: ProcessLookup;
  readonly orphans: OrphanLook;
  /** Signals what has this pid, if `isIt` holds at that moment. */
  send(pid: number, signal: NodeJS.Signals, isIt: () => boolean): void;
  /** Whether a mark is the tree's; no mark is when absent. */
  carries?(mark: number): boolean;
  /** Whether the only leader's exit has not been collected for certain, so that its pid is its own. */
  holdsPid?(): boolean;
}

/**
 * A tree on POSIX. A pid, a group's number and a session's are given to others once they are free, so each is
 * used only while it is proven: a process by its start, a group or session by a known member that is in it now.
 */
export class PosixTree implements ProcessTree {
  /** Start by pid, the leaders first. */
  readonly #members = new Map<number, number>();
  /** The numbers of sessions (where the system does not tell them, of groups) that are the tree's own. */
  readonly #founded = new Set<number>();
  readonly #holdsPid: () => boolean;
  #groupsGone = false;

  constructor(
    private readonly leaders: readonly Leader[],
    private readonly means: TreeMeans,
  ) {
    for (const { pid, start } of leaders) {
      this.#founded.add(pid);
      if (start !== undefined) this.#members.set(pid, start);
    }
    this.#holdsPid = () => means.holdsPid?.() ?? false;
  }

  get identity(): TreeIdentity | undefined {
    const [leader] = this.leaders;
    return leader?.start === undefined ? undefined : { ...leader, start: leader.start };
  }

  /** Whether a leader runs. */
  leaderLives(): boolean {
    return this.leaders.some(({ pid }) => this.#lives(pid));
  }

  signal(rung: Rung): void {
    // First: what left the group is known by its parents only, and they go with it.
    this.#addDescendants();
    const [leader] = this.leaders;
    if (leader?.isWrapper && rung !== 'kill') return this.#signalInside(leader.pid, rung);
    const groups = this.#leaderGroups();
    if (rung === 'interrupt') {
      for (const { pid, tty } of this.leaders) if (tty) this.#interruptForeground(pid);
      for (const group of groups) sendToGroup(group, 'SIGINT');
      return;
    }
    // Before their members: once those have died nothing proves the groups.
    for (const group of groups) sendToGroup(group, SIGNALS[rung]);
    this.#send(rung, this.#members.keys(), groups);
    // A stopped process takes a signal only when it goes on.
    if (rung === 'terminate') for (const group of this.#leaderGroups()) sendToGroup(group, 'SIGCONT');
  }

  send(signal: NodeJS.Signals, pid?: number): boolean {
    this.#addDescendants();
    const pids = pid === undefined ? [...this.#members.keys()] : [pid];
    return pids.map((one) => this.#sendOne(one, signal)).includes(true);
  }

  #sendOne(pid: number, signal: NodeJS.Signals): boolean {
    if (!this.#lives(pid)) return false;
    try {
      this.means.send(pid, signal, () => this.#lives(pid));
      return true;
    } catch {
      return false;
    }
  }

  async search(rung?: Rung): Promise<void> {
    const orphans = await this.means.orphans.soon();
    const known = new Set(this.#members.keys());
    this.#addOrphans(orphans, this.#provenNumbers());
    this.#addDescendants();
    // SIGINT is what Ctrl-C does: to the group, and not to what left it.
    if (rung === undefined || rung === 'interrupt') return;
    const fresh = [...this.#members.keys()].filter((pid) => !known.has(pid));
    this.#send(rung, fresh, new Set());
  }

  /** Takes in processes that something else proves to be the tree's. */
  take(pids: readonly number[]): void {
    for (const pid of pids) {
      const info = this.means.lookup.one(pid);
      if (info) this.#add(info);
    }
  }

  leaderExited(): void {
    // What is in its group or session was so all the time, for its number could not be given away until now.
    const numbers = new Set(this.leaders.map(({ pid }) => pid));
    if (this.groupAlive()) this.#addOrphans(this.means.orphans.now(), numbers);
  }

  async killGroup(): Promise<void> {
    // Those that were known may have left it to children of theirs.
    if (this.#leaderGroups().size === 0) await this.search();
    for (const group of this.#leaderGroups()) sendToGroup(group, 'SIGKILL');
  }

  hangUp(): void {
    const [leader] = this.leaders;
    if (leader?.isWrapper && leader.tty) {
      const inside = this.#lives(leader.pid) ? insideOf(leader.pid, this.means.lookup) : undefined;
      if (inside) sendInside(inside, 'SIGHUP');
      return;
    }
    const groups = this.#leaderGroups();
    for (const { pid, tty } of this.leaders) if (tty && groups.has(pid)) sendToGroup(pid, 'SIGHUP');
  }

  members(): Survivor[] {
    this.#addDescendants();
    return this.alive();
  }

  alive(): Survivor[] {
    const pids = [...this.#members.keys()].filter((pid) => this.#lives(pid));
    return pids.map((pid) => ({ pid, command: this.means.lookup.command(pid) }));
  }

  groupAlive(): boolean {
    // What is once empty stays so: its number is for others.
    this.#groupsGone ||= !this.leaders.some(({ pid }) => groupExists(pid));
    return !this.#groupsGone;
  }

  /** SIGKILL for everything, in this turn. */
  killNow(): void {
    this.signal('kill');
    this.#addOrphans(this.means.orphans.now(), this.#provenNumbers());
    this.signal('kill');
  }

  /** Asks the session inside of a sandbox, as soon as there is one. */
  #signalInside(leader: number, rung: Exclude<Rung, 'kill'>, triesLeft = INSIDE_TRIES): void {
    if (!this.#lives(leader)) return;
    const inside = insideOf(leader, this.means.lookup);
    if (!inside) {
      if (triesLeft > 0) setTimeout(() => this.#signalInside(leader, rung, triesLeft - 1), INSIDE_MS).unref();
      return;
    }
    const foreground = rung === 'interrupt' && this.means.lookup.foregroundGroup(inside.command);
    if (foreground && foreground !== inside.group && foreground !== leader) sendToGroup(foreground, 'SIGINT');
    sendInside(inside, SIGNALS[rung]);
    if (rung === 'interrupt') return;
    this.#addDescendants();
    const others = [...this.#members.keys()].filter((pid) => pid !== leader && pid !== inside.init);
    this.#send(rung, others, new Set(inside.group === undefined ? [] : [inside.group]));
    sendInside(inside, 'SIGCONT');
  }

  /** Sends to each that lives, but for those whose group has got the signal. */
  #send(rung: Rung, pids: Iterable<number>, groups: ReadonlySet<number>): void {
    for (const pid of pids) {
      const info = this.#member(pid);
      if (!info || info.zombie || groups.has(info.pgid)) continue;
      try {
        this.means.send(pid, SIGNALS[rung], () => this.#lives(pid));
      } catch {
        // Not ours to stop (it changed its user): it will be named as a survivor.
      }
    }
  }

  /** The groups of leaders that are proven to be ours now. */
  #leaderGroups(): Set<number> {
    const proven = new Set<number>();
    if (this.#holdsPid()) for (const { pid } of this.leaders) proven.add(pid);
    const pids = new Set(this.leaders.map(({ pid }) => pid).filter((pid) => !proven.has(pid)));
    for (const pid of pids.size > 0 ? this.#members.keys() : []) {
      const group = this.#member(pid)?.pgid;
      if (group !== undefined && pids.has(group)) proven.add(group);
    }
    return proven;
  }

  /** Sessions that members have founded and that a member is in now: all that is in them is ours. */
  #provenNumbers(): Set<number> {
    const numbers = this.#leaderGroups();
    for (const pid of this.#members.keys()) {
      const info = this.#member(pid);
      if (info) this.#addNumber(numbers, info);
    }
    return numbers;
  }

  /** A member may also be in a session that others have founded, whose processes are theirs. */
  #addNumber(numbers: Set<number>, { sid, pgid }: ProcessInfo): void {
    const number = sid ?? pgid;
    if (this.#founded.has(number)) numbers.add(number);
  }

  #addOrphans(orphans: readonly Orphan[], numbers: Set<number>): void {
    const left = new Set(orphans);
    // What carries a mark may bring others of its session.
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const orphan of left) {
        if (this.#members.has(orphan.pid)) left.delete(orphan);
        if (!this.#belongs(orphan, numbers) || !left.delete(orphan)) continue;
        const info = this.means.lookup.one(orphan.pid);
        if (info && this.#add(info)) this.#addNumber(numbers, info);
      }
    }
  }

  #belongs({ sid, pgid, marks }: Orphan, numbers: ReadonlySet<number>): boolean {
    const number = sid ?? pgid;
    if (number !== undefined && numbers.has(number)) return true;
    return marks.some((mark) => this.means.carries?.(mark));
  }

  #addDescendants(): void {
    const seen = new Set<number>();
    for (const pid of [...this.#members.keys()]) {
      if (seen.has(pid) || !this.#member(pid)) continue;
      for (const info of this.means.lookup.under(pid)) {
        seen.add(info.pid);
        this.#add(info);
      }
    }
  }

  #add({ pid, start, sid, pgid }: ProcessInfo): boolean {
    if (pid === process.pid || pid <= 1) return false;
    this.#members.set(pid, start);
    if ((sid ?? pgid) === pid) this.#founded.add(pid);
    return true;
  }

  /** The member of this pid, a zombie too; one that is gone is forgotten, whoever has its pid now. */
  #member(pid: number): ProcessInfo | undefined {
    const start = this.#members.get(pid);
    if (start === undefined) return undefined;
    const info = this.means.lookup.one(pid);
    if (info && this.means.lookup.sameStart(info.start, start)) return info;
    this.#members.delete(pid);
    return undefined;
  }

  #lives(pid: number): boolean {
    const info = this.#member(pid);
    return info !== undefined && !info.zombie;
  }

  /** In a terminal a shell gives each command a group of its own, and that is what Ctrl-C interrupts. */
  #interruptForeground(leader: number): void {
    if (!this.#lives(leader)) return;
    const group = this.means.lookup.foregroundGroup(leader);
    if (group !== undefined && group !== leader) sendToGroup(group, 'SIGINT');
  }
}
