import type { ManagedProcess } from '../process/managedProcess';
import type { ProcessTable } from '../process/processTable';
import { DEFAULT_SIZE, type ProcessOwner } from '../process/types';
import type { ExecBackend, ExecParams } from './execBackend';
import { RemoteChild } from './remoteChild';

/** Where something is started: a backend elsewhere, and what people call the place. */
export interface RemotePlace {
  readonly name: string;
  readonly backend: ExecBackend;
}

/**
 * Starts a process elsewhere and lists it in `table`, where it is looked at, typed into and stopped like the
 * others. Rejects with the other host's text, or as `ProcessTable.start` does.
 */
export function startElsewhere(
  table: ProcessTable,
  { name, backend }: RemotePlace,
  params: ExecParams,
  owner: ProcessOwner,
): Promise<ManagedProcess> {
  const { processId, argv, cwd, env, tty, pipeStdin, arg0, size } = params;
  const spec = { argv, cwd, env, tty, pipeStdin, arg0, size };
  return table.adopt(processId, spec, owner, async () => {
    const { process } = await backend.start(params);
    // Asked now, so that a terminal that opens next knows whether its size counts there.
    const resizable =
      tty &&
      (await process.resize(size ?? DEFAULT_SIZE).then(
        () => true,
        () => false,
      ));
    return new RemoteChild(process, name, argv.join(' '), { hasStdin: tty || pipeStdin, tty, resizable });
  });
}
