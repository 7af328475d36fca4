import { invalidRequest, type RpcError } from '../../../protocol';
import type { ProcessEntry } from '../../sessions/processEntry';
import type { AppServerCall, Traits } from './call';

/**
 * Waits for a start under way.
 *
 * @throws RpcError -32600 for a handle that names nothing
 */
export async function activeProcess(
  processHandle: string,
  { processes, traits: known }: AppServerCall,
): Promise<{ readonly entry: ProcessEntry; readonly traits: Traits }> {
  const entry = await processes.findStarted(processHandle);
  const traits = entry && known.get(entry);
  if (!entry || !traits) {
    throw invalidRequest(`no active process for process handle ${JSON.stringify(processHandle)}`);
  }
  return { entry, traits };
}

/** For what comes between the exit and its report. */
export function notRunning(processHandle: string): RpcError {
  return invalidRequest(`process ${JSON.stringify(processHandle)} is no longer running`);
}
