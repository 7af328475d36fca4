import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxRefusal } from '../../sandbox';
import { exitCodeOf, type Child } from '../child';
import { findCachedLookup } from '../native/cachedLookup';
import { findSandboxCalls } from '../native/sandboxCalls';
import type { PlatformLoader } from '../spawn/platform';
import { Bubblewrap } from './bubblewrap';
import type { Confined } from './confinement';
import { findBubblewrap } from './findBubblewrap';
import { Placeholders, type NotePlaceholders } from './placeholders';
import { rehearse, type Outcome } from './rehearsal';
import type { ConfinedSpec, SandboxBackend, SecretPlaces } from './sandboxBackend';
import { Seatbelt } from './seatbelt';
import { treeOf } from '../stop/treeOf';
import type { LaunchSpec } from '../spawn/launcher';
import { messageOf } from '../../values';

/** Whether sandboxes can be enforced on this machine. */
export type SandboxState =
  /** Nobody has asked yet. */
  | { readonly kind: 'unknown' }
  /** `by` what, for people. */
  | { readonly kind: 'available'; readonly by: string }
  /** Why, and a whole sentence about what to do. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly remedy: string };

/** Pause after a failed check before the sandbox is tried again, in ms. */
const RETRY_MS = 10_000;
const REHEARSAL_MS = 15_000;

const INSTALL =
  'Install the package bubblewrap (`sudo apt install bubblewrap`, `sudo dnf install bubblewrap`), then try again';
const ALLOW =
  'Let users make namespaces (on Ubuntu: `sudo apt install bubblewrap apparmor-profiles`, or `sudo sysctl ' +
  'kernel.apparmor_restrict_unprivileged_userns=0`; in a container: run it with `--security-opt seccomp=unconfined` ' +
  'or more rights), then try again';
const WITHOUT =
  'Or, only if the user agrees to run without any sandbox, restart Codex with `-s danger-full-access`.';

type Start = (launch: LaunchSpec) => Promise<Child>;

/** What enforces sandboxes on this machine: found and rehearsed at its first use, and then remembered. */
export class Sandboxes {
  #state: SandboxState = { kind: 'unknown' };
  #ready: Promise<SandboxBackend> | undefined;
  #retryAt = 0;
  readonly #listeners = new Set<() => void>();

  /**
   * @param start runs what was made ready
   * @param note what a sandbox leaves behind should this process die
   * @param secrets what no command may read
   */
  constructor(
    private readonly load: PlatformLoader,
    private readonly start: Start,
    private readonly note: NotePlaceholders,
    private readonly secrets: SecretPlaces,
  ) {}

  get state(): SandboxState {
    return this.#state;
  }

  /** Finds out, unless that is known; after a failure anew, but no more than every 10 s. */
  async check(): Promise<SandboxState> {
    await this.#backend().catch(() => undefined);
    return this.#state;
  }

  /** Calls `listener` after each change of `state`; returns the way to stop. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Makes a start ready. Rejects with a SandboxRefusal, or the SpawnError that the same start meets without a sandbox. */
  async confine(spec: ConfinedSpec): Promise<Confined> {
    return (await this.#backend()).confine(spec);
  }

  #backend(): Promise<SandboxBackend> {
    if (this.#state.kind === 'unavailable' && Date.now() >= this.#retryAt) this.#ready = undefined;
    return (this.#ready ??= this.#find());
  }

  async #find(): Promise<SandboxBackend> {
    try {
      const { backend, by } = await this.#make();
      this.#tell({ kind: 'available', by });
      return backend;
    } catch (error) {
      const { reason, remedy } =
        error instanceof SandboxRefusal ? error : new SandboxRefusal('', messageOf(error), WITHOUT);
      this.#retryAt = Date.now() + RETRY_MS;
      this.#tell({ kind: 'unavailable', reason, remedy });
      throw new SandboxRefusal('', reason, remedy);
    }
  }

  async #make(): Promise<{ backend: SandboxBackend; by: string }> {
    if (process.platform === 'darwin') return { backend: new Seatbelt(this.secrets), by: 'seatbelt' };
    if (process.platform !== 'linux')
      throw unavailable('this server has no sandbox for Windows', 'Run it in WSL');
    const { libc } = this.load();
    if (!libc)
      throw unavailable(
        "the system's own calls cannot be used",
        "Read why in the server's log, or install Exec Server anew for this platform",
      );
    const calls = findSandboxCalls(libc);
    if (!calls) throw unavailable('the C library is too old', 'Use a newer Linux');
    const program = await findBubblewrap();
    if (program === undefined) throw unavailable('bubblewrap is not installed', INSTALL);
    const backend = new Bubblewrap(
      program,
      calls,
      new Placeholders(calls, this.note),
      this.secrets,
      findCachedLookup(libc),
    );
    const problem = await rehearse((spec) => this.#run(backend, spec));
    if (problem !== undefined) throw unavailable(`${program} does not work here: ${problem}`, ALLOW);
    return { backend, by: program };
  }

  /** Runs something to its end, with all that it writes. */
  async #run(backend: SandboxBackend, spec: ConfinedSpec): Promise<Outcome> {
    const { launch, confinement, started } = await backend.confine(spec);
    try {
      const child = await this.start(launch).finally(started);
      let lives = true;
      const tree = treeOf(child, launch, () => lives);
      const chunks: Buffer[] = [];
      const ended = new Promise<number>((resolve) => {
        child.begin({
          output: (_stream, chunk) => void chunks.push(Buffer.from(chunk)),
          dropped: () => undefined,
          exited: (exit) => {
            lives = false;
            resolve(exitCodeOf(exit));
          },
          streamsEnded: () => undefined,
          waiting: () => undefined,
          lost: () => resolve(exitCodeOf({ code: null, signal: null })),
        });
      });
      const code = await Promise.race([ended, sleep(REHEARSAL_MS, undefined, { ref: false })]);
      if (code === undefined) tree.signal('kill');
      // What it wrote last may still be in the pipes.
      child.closeStreams();
      return { code: code ?? -1, text: Buffer.concat(chunks).toString() };
    } finally {
      confinement.release();
    }
  }

  #tell(state: SandboxState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

function unavailable(reason: string, way: string): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `no sandbox can be enforced on this machine: ${reason}`,
    `${way}. ${WITHOUT}`,
  );
}
