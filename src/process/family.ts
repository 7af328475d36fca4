import type { ProcessInfo, ProcessLookup } from './processLookup';
import type { Rung, Survivor } from './types';

/** What tells a family from all others, also for another process of ours. */
export interface FamilyIdentity {
  /** The leader's. */
  readonly pid: number;
  /** The leader's start, in the platform's own unit. */
  readonly start: number;
  readonly tty: boolean;
}

/** A process of ours with all that came of it, as far as it can be found. */
export interface Family {
  /** Absent where there is nothing that another process could use. */
  readonly identity?: FamilyIdentity | undefined;
  /**
   * Looks for members that are not known yet. `quick` sees the living leader's descendants only; `full` also
   * what was orphaned but is still in a group or session of the family.
   */
  gather(how: 'quick' | 'full'): void;
  /** Sends what belongs to the rung to all members, at once. */
  signal(rung: Rung): void;
  /** What closing its terminal would do; nothing where there is none. */
  hangUp(): void;
  /** The members that live, as far as is known from the last looks. */
  alive(): Survivor[];
  /** Whether anything may be left in the leader's process group; costs one system call. */
  groupLives(): boolean;
}

const SIGNALS: Record<Rung, NodeJS.Signals> = { interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' };

/** A family on POSIX: a session leader, its group and session, and descendants that left them. */
export class PosixFamily implements Family {
  readonly #leaderStart: number | undefined;
  /** Start by pid, the leader not included. */
  readonly #members = new Map<number, number>();
  /** Sessions that members have founded. */
  readonly #sessions = new Map<number, number>();

  /** To be made right after the start, while `leader` surely is our child. */
  constructor(
    private readonly leader: number,
    private readonly tty: boolean,
    private readonly lookup: ProcessLookup,
    /** Whether the leader's exit has not been collected for certain, so that its pid is its own. */
    private readonly holdsPid: () => boolean = () => false,
    leaderStart = lookup.startOfNew(leader),
  ) {
    this.#leaderStart = leaderStart;
  }

  get identity(): FamilyIdentity | undefined {
    const start = this.#leaderStart;
    return start === undefined ? undefined : { pid: this.leader, start, tty: this.tty };
  }

  /** Whether the leader itself runs. */
  leaderLives(): boolean {
    const info = this.lookup.one(this.leader);
    return info !== undefined && !info.zombie && this.#isLeader(info);
  }

  gather(how: 'quick' | 'full'): void {
    if (how === 'quick' && this.#isLeader(this.lookup.one(this.leader))) {
      for (const info of this.lookup.under(this.leader)) this.#add(info);
      return;
    }
    const all = this.lookup.all();
    const known = new Set<number>();
    const groupIsOurs = !this.#leaderReplaced();
    const byPid = new Map(all.map((info) => [info.pid, info]));
    const sessions = new Set(groupIsOurs ? [this.leader] : []);
    for (const [sid, start] of this.#sessions) {
      const founder = byPid.get(sid);
      if (!founder || this.lookup.sameStart(founder.start, start)) sessions.add(sid);
    }
    const belongs = (info: ProcessInfo): boolean =>
      (groupIsOurs && (info.pid === this.leader || info.pgid === this.leader)) ||
      (info.sid !== undefined && sessions.has(info.sid)) ||
      known.has(info.ppid) ||
      this.#isMember(info);
    // Parents may come after their children in the list.
    for (let before = -1; before < known.size;) {
      before = known.size;
      for (const info of all) if (!known.has(info.pid) && belongs(info)) known.add(info.pid);
    }
    for (const pid of known) this.#add(byPid.get(pid));
  }

  signal(rung: Rung): void {
    const signal = SIGNALS[rung];
    if (this.#groupIsOurs()) {
      if (rung === 'interrupt') this.#signalForeground(signal);
      send(-this.leader, signal);
    }
    // SIGINT is what Ctrl-C does: to the group, and not to what left it.
    if (rung === 'interrupt') return;
    for (const pid of this.#members.keys()) if (this.#lives(pid)) send(pid, signal);
    // A stopped process takes a signal only when it goes on.
    if (rung === 'terminate' && this.#groupIsOurs()) send(-this.leader, 'SIGCONT');
  }

  hangUp(): void {
    if (this.tty && this.#groupIsOurs()) send(-this.leader, 'SIGHUP');
  }

  alive(): Survivor[] {
    const pids = [...this.#members.keys()].filter((pid) => this.#lives(pid));
    if (this.leaderLives()) pids.unshift(this.leader);
    return pids.map((pid) => ({ pid, command: this.lookup.command(pid) }));
  }

  groupLives(): boolean {
    try {
      process.kill(-this.leader, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }

  /** A pid is not given away again while a group has its number, so a group without its leader is ours still. */
  #groupIsOurs(): boolean {
    return !this.#leaderReplaced() && this.groupLives();
  }

  #leaderReplaced(): boolean {
    if (this.holdsPid()) return false;
    const info = this.lookup.one(this.leader);
    return info !== undefined && !this.#isLeader(info);
  }

  #isLeader(info: ProcessInfo | undefined): boolean {
    if (!info || this.#leaderStart === undefined) return false;
    return info.pid === this.leader && this.lookup.sameStart(info.start, this.#leaderStart);
  }

  #isMember(info: ProcessInfo): boolean {
    const start = this.#members.get(info.pid);
    return start !== undefined && this.lookup.sameStart(info.start, start);
  }

  #lives(pid: number): boolean {
    const info = this.lookup.one(pid);
    return info !== undefined && !info.zombie && this.#isMember(info);
  }

  #add(info: ProcessInfo | undefined): void {
    if (!info || info.pid === this.leader || info.pid === process.pid || info.pid <= 1) return;
    this.#members.set(info.pid, info.start);
    if (info.sid === info.pid) this.#sessions.set(info.pid, info.start);
  }

  /** In a terminal a shell gives each command a group of its own, and that is what Ctrl-C interrupts. */
  #signalForeground(signal: NodeJS.Signals): void {
    const group = this.tty ? this.lookup.foregroundGroup(this.leader) : undefined;
    if (group !== undefined && group !== this.leader) send(-group, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or not ours to stop (it changed its user): the latter will be named as a survivor.
  }
}
