import { buildEnvironment, enforceExclusions } from '../process/envPolicy';
import type { ManagedProcess } from '../process/managedProcess';
import type { ProcessTable } from '../process/processTable';
import type { HostBackend, HostParams } from './hostBackend';

/** Runs processes on this machine, in the one table that people look at. */
export class LocalHostBackend implements HostBackend {
  /**
   * @param table where every process of this host is listed
   * @param baseEnvironment what an `envPolicy` starts from: the host's own environment without the editor's variables
   */
  constructor(
    readonly table: ProcessTable,
    private readonly baseEnvironment: () => Readonly<Record<string, string>>,
  ) {}

  /** Rejects with a SpawnError (cannot be run) or a LimitError (too many already run). */
  start(params: HostParams): Promise<ManagedProcess> {
    const { processId, argv, cwd, cwdBytes, tty, pipeStdin, arg0, size, owner } = params;
    const env = this.environmentOf(params);
    return this.table.start(processId, { argv, cwd, cwdBytes, env, tty, pipeStdin, arg0, size }, owner);
  }

  /** Ends what is left of the process group of a closed process; nothing otherwise. */
  killLeftovers(process: ManagedProcess): void {
    this.table.killLeftovers(process);
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
