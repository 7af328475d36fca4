import { fork, type ChildProcess } from 'node:child_process';
import { promises, type LookupAddress } from 'node:dns';

/** Finds the addresses of a host, as the system does: hosts file, name service switch, search domains. */
export type LookUp = (name: string) => Promise<readonly LookupAddress[]>;

/** In this process, where names share a few threads with files and starts. */
export const lookUpHere: LookUp = (name) => promises.lookup(name, { all: true });

/** What the helper is asked and answers. */
export interface Question {
  readonly id: number;
  readonly name: string;
}
export interface Answer {
  readonly id: number;
  readonly addresses: readonly LookupAddress[];
  /** What went wrong, in Node's words. */
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (addresses: readonly LookupAddress[]) => void;
  readonly reject: (error: Error) => void;
}

/** Look-ups that may be under way; half of the helper's threads, which is what libuv lets wait for names. */
const MAX_WAITING = 64;
/** Milliseconds after the last answer until the helper is let go. */
const IDLE_MS = 60_000;

/**
 * Looks names up in a process of its own. The system's call waits, for tens of seconds if no name server answers, and
 * in this process it would wait on the few threads that all files and starts share. A resolver of Node's that needs no
 * threads (`dns.resolve`) knows neither the hosts file nor the name service switch nor search domains.
 */
export class LookUpProcess implements Disposable {
  private readonly waiting = new Map<number, Waiting>();
  private helper: ChildProcess | undefined;
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;

  /**
   * @param program what the helper runs: a script that calls `answerLookUps`
   * @param nodeArguments what Node needs to run it
   */
  constructor(
    private readonly program: string,
    private readonly nodeArguments: readonly string[] = [],
  ) {}

  /** Rejects with the system's error, or with one that names the bound. */
  readonly lookUp: LookUp = (name) => {
    if (this.waiting.size >= MAX_WAITING) {
      return Promise.reject(new Error(`${MAX_WAITING} names are being looked up, which is the limit`));
    }
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      clearTimeout(this.idle);
      this.helper ??= this.start();
      this.helper.ref();
      this.helper.send({ id, name } satisfies Question, (error) => {
        if (error) this.settle({ id, addresses: [], error: error.message });
      });
    });
  };

  /** Lets the helper go; look-ups under way are rejected. */
  [Symbol.dispose](): void {
    clearTimeout(this.idle);
    this.helper?.kill('SIGKILL');
    this.lost('the server is shutting down');
  }

  private start(): ChildProcess {
    const helper = fork(this.program, [], {
      execArgv: [...this.nodeArguments],
      env: {
        ...process.env,
        // An editor's program is a Node only if it is told so; what Node is told to load is not for this one.
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '',
        UV_THREADPOOL_SIZE: String(2 * MAX_WAITING),
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    helper.on('message', (answer) => this.settle(answer as Answer));
    const end = (reason: string) => {
      if (this.helper === helper) this.lost(reason);
    };
    helper.once('error', (error) => end(error.message));
    helper.once('exit', () => end('the process that looks names up has ended'));
    return helper;
  }

  private settle({ id, addresses, error }: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(addresses);
    else waiting?.reject(new Error(error));
    if (this.waiting.size > 0) return;
    // It keeps nobody from ending while it has nothing to do, and ends when we do.
    this.helper?.unref();
    this.helper?.channel?.unref();
    this.idle = setTimeout(() => this[Symbol.dispose](), IDLE_MS).unref();
  }

  private lost(reason: string): void {
    this.helper = undefined;
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
