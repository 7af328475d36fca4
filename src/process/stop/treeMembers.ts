import type { Orphan, ProcessInfo, ProcessLookup } from '../observe/processLookup';
import type { TreeIdentity } from './processTree';

/** Who started what is in the tree. */
export interface Leader extends Omit<TreeIdentity, 'start'> {
  /** Undefined if it was gone before anybody looked. */
  readonly start: number | undefined;
  /** It is a sandbox, and no more: with it all ends at once, so only a kill is for it. */
  readonly isWrapper?: boolean;
}

/** Members by pid as one look has shown them, zombies too: what is decided in one turn needs no other. */
export type Seen = ReadonlyMap<number, ProcessInfo>;

/** What members are found with. */
export interface MembersMeans {
  readonly lookup: ProcessLookup;
  /** Whether a mark is the tree's; no mark is when absent. */
  carries?(mark: number): boolean;
  /** Whether the only leader's exit has not been collected for certain, so that its pid is its own. */
  holdsPid?(): boolean;
}

/**
 * Who belongs to a tree on POSIX. A pid, a group's number and a session's are given to others once they are free, so each
 * counts only while it is proven: a process by its start, a group or session by a known member that is in it now.
 */
export class TreeMembers {
  /** Start by pid, the leaders first. */
  readonly #starts = new Map<number, number>();
  /** The numbers of sessions (where the system does not tell them, of groups) that are the tree's own. */
  readonly #founded = new Set<number>();

  constructor(
    private readonly leaders: readonly Leader[],
    private readonly means: MembersMeans,
  ) {
    for (const { pid, start } of leaders) {
      this.#founded.add(pid);
      if (start !== undefined) this.#starts.set(pid, start);
    }
  }

  /** The pids of all that were seen once, some of whom may have gone. */
  get pids(): readonly number[] {
    return [...this.#starts.keys()];
  }

  /** Those that are there, with what descends from them now. */
  look(): Seen {
    const seen = new Map<number, ProcessInfo>();
    for (const pid of this.pids) {
      const info = seen.has(pid) ? undefined : this.#member(pid);
      if (!info) continue;
      seen.set(pid, info);
      for (const child of this.means.lookup.under(pid)) if (this.#add(child)) seen.set(child.pid, child);
    }
    return seen;
  }

  /** Those that are there of whom somebody knew before. */
  known(): Seen {
    const seen = new Map<number, ProcessInfo>();
    for (const pid of this.pids) {
      const info = this.#member(pid);
      if (info) seen.set(pid, info);
    }
    return seen;
  }

  /** Whether a member of this pid runs. */
  lives(pid: number): boolean {
    const info = this.#member(pid);
    return info !== undefined && !info.zombie;
  }

  /** Takes in processes that something else proves to be the tree's. */
  take(pids: readonly number[]): void {
    for (const pid of pids) {
      const info = this.means.lookup.one(pid);
      if (info) this.#add(info);
    }
  }

  /** Takes in who belongs by a mark, or by its session being one of `numbers`. */
  takeOrphans(orphans: readonly Orphan[], numbers: Set<number>): void {
    const left = new Set(orphans);
    // What carries a mark may bring others of its session.
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const orphan of left) {
        if (this.#starts.has(orphan.pid)) left.delete(orphan);
        if (!this.#belongs(orphan, numbers) || !left.delete(orphan)) continue;
        const info = this.means.lookup.one(orphan.pid);
        if (info && this.#add(info)) this.#addNumber(numbers, info);
      }
    }
  }

  /** The groups of leaders that are proven to be ours now. */
  leaderGroups(seen?: Seen): Set<number> {
    const proven = new Set<number>();
    if (this.means.holdsPid?.()) for (const { pid } of this.leaders) proven.add(pid);
    const pids = new Set(this.leaders.map(({ pid }) => pid).filter((pid) => !proven.has(pid)));
    if (pids.size === 0) return proven;
    for (const { pgid } of (seen ?? this.known()).values()) if (pids.has(pgid)) proven.add(pgid);
    return proven;
  }

  /** Sessions that members have founded and that a member is in now: all that is in them is ours. */
  provenNumbers(): Set<number> {
    const seen = this.known();
    const numbers = this.leaderGroups(seen);
    for (const info of seen.values()) this.#addNumber(numbers, info);
    return numbers;
  }

  /** A member may also be in a session that others have founded, whose processes are theirs. */
  #addNumber(numbers: Set<number>, { sid, pgid }: ProcessInfo): void {
    const number = sid ?? pgid;
    if (this.#founded.has(number)) numbers.add(number);
  }

  #belongs({ sid, pgid, marks }: Orphan, numbers: ReadonlySet<number>): boolean {
    const number = sid ?? pgid;
    if (number !== undefined && numbers.has(number)) return true;
    return marks.some((mark) => this.means.carries?.(mark));
  }

  #add({ pid, start, sid, pgid }: ProcessInfo): boolean {
    if (pid === process.pid || pid <= 1) return false;
    this.#starts.set(pid, start);
    if ((sid ?? pgid) === pid) this.#founded.add(pid);
    return true;
  }

  /** The member of this pid, a zombie too; one that is gone is forgotten, whoever has its pid now. */
  #member(pid: number): ProcessInfo | undefined {
    const start = this.#starts.get(pid);
    if (start === undefined) return undefined;
    const info = this.means.lookup.one(pid);
    if (info && this.means.lookup.sameStart(info.start, start)) return info;
    this.#starts.delete(pid);
    return undefined;
  }
}
