import type { HostProcess } from '../../../environment';
import { invalidRequest } from '../../../protocol';
import type { Call } from './route';

/** The process of this id, once it has been started. Rejects with RpcError -32600 for an unknown one. */
export async function findProcess(processId: string, call: Call): Promise<HostProcess> {
  const entry = await call.session.findStarted(processId);
  if (!entry) throw invalidRequest(`unknown process id ${processId}`);
  if (!entry.process) throw invalidRequest(`process id ${processId} is starting`);
  return entry.process;
}
