import type { WriteResponse, WriteStatus } from '../../../environment';
import type { HostProcess } from '../../backend';
import { execServer } from '../../../protocol';
import { toWriteError } from '../../errors';
import type { ProcessEntry } from '../../sessions/processEntry';
import { route, type Call } from './route';
import { messageOf } from '../../../values';

const { write } = execServer.processes;
const { closeStdin } = execServer.extensions;

/** Input and its end, in one order: docs/protocol/write.md#queue, docs/protocol/extensions.md#processclosestdin. */
export const stdinRoutes = [
  route(write, 'exec', ({ processId, chunk, writeId }, call) =>
    toStdin(processId, call, (process, entry) => entry.write(process, chunk, writeId)),
  ),

  route(closeStdin, 'exec', ({ processId }, call) =>
    toStdin(processId, call, (process, entry) => entry.closeStdin(process)),
  ),
];

async function toStdin(
  processId: string,
  call: Call,
  act: (process: HostProcess, entry: ProcessEntry) => Promise<WriteStatus>,
): Promise<WriteResponse> {
  const entry = await call.session.processes.findStarted(processId);
  if (!entry) return { status: 'unknownProcess' };
  if (!entry.process) return { status: 'starting' };
  try {
    const { hold } = entry.process;
    const status = await act(entry.process, entry);
    return hold !== null && status === 'accepted' ? { status, held: hold } : { status };
  } catch (error) {
    throw toWriteError(error, `failed to write to process stdin: ${messageOf(error)}`);
  }
}
