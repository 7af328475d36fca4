import type { OrphanLook } from '../observe/orphanLook';
import type { ProcessInfo } from '../observe/processLookup';
import type { Rung, Survivor } from '../types';
import { groupExists } from './groupExists';
import { insideOf, sendInside, sendToGroup } from './inside';
import type { ProcessTree, TreeIdentity } from './processTree';
import { TreeMembers, type Leader, type MembersMeans, type Seen } from './treeMembers';

const SIGNALS: Record<Rung, NodeJS.Signals> = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' };

/** While a sandbox is being set up nothing is inside of it: so often it is looked for, so many ms apart. */
const INSIDE_TRIES = 400;
const INSIDE_MS = 5;

/** What a tree on POSIX works with. */
export interface TreeMeans extends MembersMeans {
  readonly orphans: OrphanLook;
  /** Signals what has this pid, if `isIt` holds at that moment. */
  send(pid: number, signal: NodeJS.Signals, isIt: () => boolean): void;
}

/** A tree on POSIX: what its members are sent, each only while it is proven to be one. */
export class PosixTree implements ProcessTree {
  readonly #members: TreeMembers;
  #groupsGone = false;

  constructor(
    private readonly leaders: readonly Leader[],
    private readonly means: TreeMeans,
  ) {
    this.#members = new TreeMembers(leaders, means);
  }

  get identity(): TreeIdentity | undefined {
    const [leader] = this.leaders;
    return leader?.start === undefined ? undefined : { ...leader, start: leader.start };
  }

  /** Whether a leader runs. */
  leaderLives(): boolean {
    return this.leaders.some(({ pid }) => this.#members.lives(pid));
  }

  signal(rung: Rung, _graceMs?: number, asked?: (members: readonly Survivor[]) => void): void {
    // First: what left the group is known by its parents only, and they go with it.
    const seen = this.#members.look();
    asked?.(this.#survivors(seen));
    const [leader] = this.leaders;
    if (leader?.isWrapper && rung !== 'kill') return this.#signalInside(leader.pid, rung);
    const groups = this.#members.leaderGroups(seen);
    if (rung === 'interrupt') {
      for (const { pid, tty } of this.leaders) if (tty) this.#interruptForeground(pid);
      for (const group of groups) sendToGroup(group, 'SIGINT');
      return;
    }
    // Before their members: once those have died nothing proves the groups.
    for (const group of groups) sendToGroup(group, SIGNALS[rung]);
    this.#send(rung, seen.values(), groups);
    // A stopped process takes a signal only when it goes on.
    if (rung === 'terminate') for (const group of this.#members.leaderGroups()) sendToGroup(group, 'SIGCONT');
  }

  send(signal: NodeJS.Signals, pid?: number): boolean {
    const seen = this.#members.look();
    const pids = pid === undefined ? [...seen.keys()] : [pid];
    return pids.map((one) => this.#sendOne(one, signal)).includes(true);
  }

  #sendOne(pid: number, signal: NodeJS.Signals): boolean {
    if (!this.#members.lives(pid)) return false;
    try {
      this.means.send(pid, signal, () => this.#members.lives(pid));
      return true;
    } catch {
      return false;
    }
  }

  async search(rung?: Rung): Promise<void> {
    const orphans = await this.means.orphans.soon();
    const known = new Set(this.#members.pids);
    this.#members.takeOrphans(orphans, this.#members.provenNumbers());
    const seen = this.#members.look();
    // SIGINT is what Ctrl-C does: to the group, and not to what left it.
    if (rung === undefined || rung === 'interrupt') return;
    const fresh = [...seen.values()].filter(({ pid }) => !known.has(pid));
    this.#send(rung, fresh, new Set());
  }

  /** Takes in processes that something else proves to be the tree's. */
  take(pids: readonly number[]): void {
    this.#members.take(pids);
  }

  leaderExited(): void {
    // What is in its group or session was so all the time, for its number could not be given away until now.
    const numbers = new Set(this.leaders.map(({ pid }) => pid));
    if (this.groupAlive()) this.#members.takeOrphans(this.means.orphans.now(), numbers);
  }

  async killGroup(): Promise<void> {
    // Those that were known may have left it to children of theirs.
    if (this.#members.leaderGroups().size === 0) await this.search();
    for (const group of this.#members.leaderGroups()) sendToGroup(group, 'SIGKILL');
  }

  hangUp(): void {
    const [leader] = this.leaders;
    if (leader?.isWrapper && leader.tty) {
      const inside = this.#members.lives(leader.pid) ? insideOf(leader.pid, this.means.lookup) : undefined;
      if (inside) sendInside(inside, 'SIGHUP');
      return;
    }
    const groups = this.#members.leaderGroups();
    for (const { pid, tty } of this.leaders) if (tty && groups.has(pid)) sendToGroup(pid, 'SIGHUP');
  }

  members(): Survivor[] {
    return this.#survivors(this.#members.look());
  }

  alive(): Survivor[] {
    return this.#survivors(this.#members.known());
  }

  groupAlive(): boolean {
    // What is once empty stays so: its number is for others.
    this.#groupsGone ||= !this.leaders.some(({ pid }) => groupExists(pid));
    return !this.#groupsGone;
  }

  /** SIGKILL for everything, in this turn. */
  killNow(): void {
    this.signal('kill');
    this.#members.takeOrphans(this.means.orphans.now(), this.#members.provenNumbers());
    this.signal('kill');
  }

  /** Asks the session inside of a sandbox, as soon as there is one. */
  #signalInside(leader: number, rung: Exclude<Rung, 'kill'>, triesLeft = INSIDE_TRIES): void {
    if (!this.#members.lives(leader)) return;
    const inside = insideOf(leader, this.means.lookup);
    if (!inside) {
      if (triesLeft > 0) setTimeout(() => this.#signalInside(leader, rung, triesLeft - 1), INSIDE_MS).unref();
      return;
    }
    const foreground = rung === 'interrupt' && this.means.lookup.foregroundGroup(inside.command);
    if (foreground && foreground !== inside.group && foreground !== leader) sendToGroup(foreground, 'SIGINT');
    sendInside(inside, SIGNALS[rung]);
    if (rung === 'interrupt') return;
    const others = [...this.#members.look().values()].filter(
      ({ pid }) => pid !== leader && pid !== inside.init,
    );
    this.#send(rung, others, new Set(inside.group === undefined ? [] : [inside.group]));
    sendInside(inside, 'SIGCONT');
  }

  /** Sends to each that lives, but for those whose group has got the signal. */
  #send(rung: Rung, members: Iterable<ProcessInfo>, groups: ReadonlySet<number>): void {
    for (const { pid, pgid, zombie } of members) {
      if (zombie || groups.has(pgid)) continue;
      try {
        this.means.send(pid, SIGNALS[rung], () => this.#members.lives(pid));
      } catch {
        // Not ours to stop (it changed its user): it will be named as a survivor.
      }
    }
  }

  #survivors(seen: Seen): Survivor[] {
    const living = [...seen.values()].filter(({ zombie }) => !zombie);
    return living.map(({ pid }) => ({ pid, command: this.means.lookup.command(pid) }));
  }

  /** In a terminal a shell gives each command a group of its own, and that is what Ctrl-C interrupts. */
  #interruptForeground(leader: number): void {
    if (!this.#members.lives(leader)) return;
    const group = this.means.lookup.foregroundGroup(leader);
    if (group !== undefined && group !== leader) sendToGroup(group, 'SIGINT');
  }
}
