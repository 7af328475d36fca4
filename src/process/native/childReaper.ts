import type { ChildExit } from '../child';
import type { Call, Libc } from './libc';

/** From wait.h, the same on all of Linux's machines. */
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
const P_ALL = 0;
/** The size of siginfo_t, in which an int is the pid. */
const SIGNAL_INFO_BYTES = 128;
const PID_OFFSET = 16;
/**
 * Finds exits should others have taken our listener away, or the signal not have come: in gVisor it sometimes doesn't.
 * As long as a child runs it keeps the program alive; the first time that it finds none, the listener goes. Were it
 * to go with each last child, every start of one after another would pay for it.
 */
const LOOK_MS = 1000;

/** Learns how children end that Node did not start. On the main thread only: no other one gets signals. */
export class ChildReaper {
  readonly #running = new Map<number, (exit: ChildExit) => void>();
  readonly #waitpid: Call;
  readonly #waitid: Call;
  readonly #status = new Int32Array(1);
  readonly #info = Buffer.alloc(SIGNAL_INFO_BYTES);
  readonly #onSignal = (): void => this.#look();
  readonly #onTimer = (): void => (this.#running.size > 0 ? this.#lookAtAll() : this.#rest());
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly libc: Libc,
    private readonly lookMs = LOOK_MS,
  ) {
    const waitpid = libc.find('int waitpid(int pid, void *status, int options)');
    const waitid = libc.find('int waitid(int type, int id, void *info, int options)');
    if (!waitpid || !waitid) throw new Error('The C library has no waitpid');
    this.#waitpid = waitpid;
    this.#waitid = waitid;
  }

  /** Resolves when the child has ended. Until then its pid belongs to nobody else. */
  exitOf(pid: number): Promise<ChildExit> {
    if (this.#timer) this.#timer.ref();
    else {
      process.on('SIGCHLD', this.#onSignal);
      this.#timer = setInterval(this.#onTimer, this.lookMs);
    }
    const exit = new Promise<ChildExit>((resolve) => this.#running.set(pid, resolve));
    // It may have ended before anybody listened.
    this.#reap(pid);
    return exit;
  }

  /** One signal may stand for several ends. Asking who has ended costs the same however many run. */
  #look(): void {
    while (this.#running.size > 0) {
      const pid = this.#ended();
      if (pid === 0) return;
      if (this.#running.has(pid) && this.#reap(pid)) continue;
      // Somebody else's child, which only they may collect, stands before ours.
      this.#lookAtAll();
      return;
    }
  }

  #lookAtAll(): void {
    for (const pid of this.#running.keys()) this.#reap(pid);
  }

  /** Any child that has ended, which is not collected by this; 0 without one. */
  #ended(): number {
    this.#info.fill(0);
    // With no child at all there is an error; then ours were taken by others, and each is asked for.
    if (this.#waitid(P_ALL, 0, this.#info, WEXITED | WNOHANG | WNOWAIT) !== 0) return -1;
    return this.#info.readInt32LE(PID_OFFSET);
  }

  /** Whether it has ended. */
  #reap(pid: number): boolean {
    const result = this.#waitpid(pid, this.#status, WNOHANG);
    if (result === 0) return false;
    this.#running.get(pid)?.(result === pid ? exitOf(this.#status[0] ?? 0) : this.#unknown());
    this.#running.delete(pid);
    if (this.#running.size === 0) this.#timer?.unref();
    return true;
  }

  #rest(): void {
    process.off('SIGCHLD', this.#onSignal);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #unknown(): ChildExit {
    const problem = `how it ended is not known: ${this.libc.lastError().message}`;
    return { code: null, signal: null, problem };
  }
}

/** What wait.h makes of a status. */
function exitOf(status: number): ChildExit {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal };
}
