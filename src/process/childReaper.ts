import type { ChildExit } from './child';
import type { Call, Libc } from './libc';

const WNOHANG = 1;
/** Keeps the program alive as long as a child runs, and finds exits should others have taken our listener away. */
const LOOK_MS = 10_000;

/** Learns how children end that Node did not start. On the main thread only: no other one gets signals. */
export class ChildReaper {
  readonly #running = new Map<number, (exit: ChildExit) => void>();
  readonly #waitpid: Call;
  readonly #onSignal = (): void => this.#look();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly libc: Libc,
    private readonly lookMs = LOOK_MS,
  ) {
    const waitpid = libc.find('int waitpid(int pid, _Out_ int *status, int options)');
    if (!waitpid) throw new Error('The C library has no waitpid');
    this.#waitpid = waitpid;
  }

  /** Resolves when the child has ended. Until then its pid belongs to nobody else. */
  exitOf(pid: number): Promise<ChildExit> {
    if (this.#running.size === 0) {
      process.on('SIGCHLD', this.#onSignal);
      this.#timer = setInterval(this.#onSignal, this.lookMs);
    }
    const exit = new Promise<ChildExit>((resolve) => this.#running.set(pid, resolve));
    // It may have ended before anybody listened.
    this.#reap(pid);
    return exit;
  }

  /** One signal may stand for several ends. */
  #look(): void {
    for (const pid of this.#running.keys()) this.#reap(pid);
  }

  #reap(pid: number): void {
    const status = [0];
    const result = this.#waitpid(pid, status, WNOHANG);
    if (result === 0) return;
    this.#running.get(pid)?.(result === pid ? exitOf(status[0] ?? 0) : this.#unknown());
    this.#running.delete(pid);
    if (this.#running.size > 0) return;
    process.off('SIGCHLD', this.#onSignal);
    clearInterval(this.#timer);
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
