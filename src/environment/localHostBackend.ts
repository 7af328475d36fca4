import type { ExecParams, SandboxPolicy } from '../model';
import {
  buildEnvironment,
  enforceExclusions,
  type ManagedProcess,
  type NoStart,
  type ProcessOwner,
  type ProcessTable,
  type SpawnSpec,
} from '../process';
import { isUnrestricted, requestOfPolicy, type SandboxRequest } from '../sandbox';

/** What to start on this host, for whom; `cwd` is a native path. The default sandbox is for what `sandbox` leaves free. */
export interface HostParams extends SpawnSpec, Pick<ExecParams, 'processId' | 'envPolicy'> {
  /** Names to leave out of what `envPolicy` starts from. */
  readonly unset?: readonly string[] | undefined;
  /** A person will type into it: the default sandbox is not for it. */
  readonly isForPerson?: boolean | undefined;
  readonly owner: ProcessOwner;
}

/** Runs processes on this machine, in the one table that people look at. */
export class LocalHostBackend {
  /**
   * @param table where every process of this host is listed
   * @param baseEnvironment what an `envPolicy` starts from: the host's own environment without the editor's variables
   * @param defaultSandbox what commands may do that ask for no restriction; asked each time
   */
  constructor(
    readonly table: ProcessTable,
    private readonly baseEnvironment: () => Readonly<Record<string, string>>,
    private readonly defaultSandbox: () => SandboxPolicy | undefined = () => undefined,
  ) {}

  /** Rejects with a SpawnError (cannot be run), a SandboxRefusal (cannot be enforced) or a LimitError (too many already run). */
  async start(params: HostParams): Promise<ManagedProcess> {
    const { processId, argv, cwd, cwdBytes, tty, pipeStdin, arg0, size, owner } = params;
    const { mergeStderr, label, leavesQuestions } = params;
    const env = this.environmentOf(params);
    const sandbox = this.sandboxOf(params);
    const spec = {
      argv,
      cwd,
      cwdBytes,
      env,
      tty,
      pipeStdin,
      mergeStderr,
      label,
      arg0,
      size,
      leavesQuestions,
      sandbox,
    };
    return this.table.start(processId, spec, owner);
  }

  /** Lists a start that was refused before it came here, so that people see it. */
  refused({ processId, argv, cwd, env, tty, pipeStdin, arg0, owner }: HostParams, noStart: NoStart): void {
    this.table.noteUnstarted(processId, { argv, cwd, env, tty, pipeStdin, arg0 }, owner, noStart);
  }

  /** Ends what lingers of the process group of a closed process; nothing otherwise. */
  killLingering(process: ManagedProcess): void {
    this.table.killLingering(process);
  }

  /** Undefined where nothing is restricted: every start on this machine comes by here. */
  private sandboxOf({ sandbox, isForPerson = false }: HostParams): SandboxRequest | undefined {
    if (sandbox && !isUnrestricted(sandbox)) return sandbox;
    const policy = isForPerson ? undefined : this.defaultSandbox();
    return policy && requestOfPolicy(policy);
  }

  private environmentOf({ env, envPolicy, unset = [] }: HostParams): Record<string, string> {
    if (!envPolicy) return enforceExclusions(env);
    return buildEnvironment(without(this.baseEnvironment(), unset), envPolicy, env);
  }
}

/** On Windows names are the same whatever their case. */
function without(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  if (names.length === 0) return env;
  const fold = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);
  const gone = new Set(names.map(fold));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !gone.has(fold(name))));
}
