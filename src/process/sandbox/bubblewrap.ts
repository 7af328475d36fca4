import {
  bwrapArguments,
  expandPatterns,
  hidePaths,
  placeholdersOf,
  resolvePolicy,
  SandboxRefusal,
  seccompProgram,
  type FileLook,
  type Policy,
} from '../../sandbox';
import { toSpawnError } from '../errors';
import type { CachedLookup } from '../native/cachedLookup';
import type { SandboxCalls } from '../native/sandboxCalls';
import type { SpawnSpec } from '../types';
import { cachedLook } from './cachedLook';
import type { Confined } from './confinement';
import { innerCommand } from './innerCommand';
import { ONLINE_SANDBOX_NAME, SANDBOX_NAME } from './insiders';
import { PlaceChanged, type PlaceholderHold, type Placeholders } from './placeholders';
import { Runnable } from './runnable';
import type { ConfinedSpec, SandboxBackend, SecretPlaces } from './sandboxBackend';

/** The most arguments that bubblewrap takes: more are an error of its own, at a time when it is too late for words. */
const MAX_ARGUMENTS = 8_900;
/** Looks at a disk on which others make and remove what is looked at. */
const LOOKS = 20;
/** Numbers of the descriptors that bubblewrap reads and closes. */
const SECCOMP_FD = 3;
const ARGUMENTS_FD = 4;

/** Puts commands into bubblewrap, on Linux. */
export class Bubblewrap implements SandboxBackend {
  private readonly means: { readonly look: FileLook; readonly runnable: Runnable };

  constructor(
    private readonly program: string,
    private readonly calls: SandboxCalls,
    private readonly placeholders: Placeholders,
    private readonly secrets: SecretPlaces,
    private readonly lookup: CachedLookup,
  ) {
    this.means = { look: cachedLook(lookup), runnable: new Runnable(lookup) };
  }

  async confine(asked: ConfinedSpec): Promise<Confined> {
    const spec = { ...asked, cwd: await this.means.runnable.folder(asked.cwd) };
    const { policy, enforced, hold } = await this.#resolve(spec);
    let files: readonly number[] = [];
    try {
      const argv = await innerCommand(spec, enforced, this.means);
      this.#checkProgram(policy);
      const options = { cwd: spec.cwd, hasTerminal: spec.tty, seccompFd: SECCOMP_FD, unmade: hold.unmade };
      const args = [...bwrapArguments(enforced, options).slice(0, -1), ...environment(spec.env)];
      if (args.length > MAX_ARGUMENTS) throw tooMuch();
      files = this.#files([
        seccompProgram({ arch: process.arch, network: policy.network }),
        Buffer.from(args.map((text) => `${text}\0`).join('')),
      ]);
      return {
        launch: {
          ...spec,
          // The environment of the child is not for bubblewrap: what it loads would run outside.
          argv: [this.program, '--args', `${ARGUMENTS_FD}`, '--', ...argv],
          env: {},
          arg0: policy.network ? ONLINE_SANDBOX_NAME : SANDBOX_NAME,
          cwd: '/',
          more: files,
          leavesTerminal: true,
        },
        confinement: {
          type: 'linuxSeccomp',
          policy,
          realPath: (path) => this.lookup.realPath(path),
          isWrapped: true,
          release: hold.release,
        },
        started: () => this.#close(files),
      };
    } catch (error) {
      this.#close(files);
      hold.release();
      throw error;
    }
  }

  /** Other sandboxes, and people, change what the policy is about meanwhile; then it is looked at again. */
  async #resolve({
    sandbox,
    env,
  }: ConfinedSpec): Promise<{ policy: Policy; enforced: Policy; hold: PlaceholderHold }> {
    const { look } = this.means;
    for (let looks = 1; ; looks++) {
      try {
        const surroundings = { tmpdir: env['TMPDIR'], platform: 'linux' } as const;
        const policy = await expandPatterns(await resolvePolicy(sandbox, surroundings, look), look);
        const enforced = await hidePaths(policy, this.secrets(), look);
        return { policy, enforced, hold: this.placeholders.hold(placeholdersOf(enforced)) };
      } catch (error) {
        if (error instanceof SandboxRefusal) throw error;
        if (!(error instanceof PlaceChanged)) throw toSpawnError(error);
        if (looks === LOOKS)
          throw new SandboxRefusal(
            '',
            `\`${error.message}\` is made and removed all the time`,
            'Try again when that has ended.',
          );
      }
    }
  }

  /** Who could change it would be outside with the next command. */
  #checkProgram(policy: Policy): void {
    if (policy.base === 'all-write' || policy.accessOf(this.program) !== 'write') return;
    throw new SandboxRefusal(
      '',
      `the command could change \`${this.program}\`, which enforces the sandbox`,
      "Install the system's bubblewrap, or allow less.",
    );
  }

  #files(contents: readonly Buffer[]): number[] {
    const made: number[] = [];
    try {
      for (const content of contents) made.push(this.calls.memoryFile(content));
      return made;
    } catch (error) {
      this.#close(made);
      throw error;
    }
  }

  #close(files: readonly number[]): void {
    for (const fd of files) this.calls.close(fd);
  }
}

function environment(env: SpawnSpec['env']): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (name !== '' && !name.includes('=')) return ['--setenv', name, value];
    throw new SandboxRefusal('env', `\`${name}\` is no name of a variable`, 'Leave it out.');
  });
}

function tooMuch(): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `its rules and the environment together are more than ${MAX_ARGUMENTS} words for bubblewrap`,
    'Leave out some variables or paths, or narrow a pattern.',
  );
}
