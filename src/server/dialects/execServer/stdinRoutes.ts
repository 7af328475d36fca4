import type { HostProcess, WriteStatus } from '../../../environment';
import { execServer, internalError } from '../../../protocol';
import type { SessionProcess } from '../../sessionProcess';
import { route, type Call } from './route';

const { write } = execServer.processes;
const { closeStdin } = execServer.extensions;

/** PROTOCOL chapter 8, and the end of stdin of chapter 17: in one order. */
export const stdinRoutes = [
  route(write, 'exec', ({ processId, chunk, writeId }, call) =>
    toStdin(processId, call, (process, { stdinQueue }) =>
      stdinQueue.answer(process.write(chunk, writeId), chunk.length),
    ),
  ),

  route(closeStdin, 'exec', ({ processId }, call) =>
    toStdin(processId, call, (process) => process.closeStdin()),
  ),
];

async function toStdin(
  processId: string,
  call: Call,
  act: (process: HostProcess, entry: SessionProcess) => Promise<WriteStatus>,
): Promise<{ status: WriteStatus }> {
  const entry = await call.session.findStarted(processId);
  if (!entry) return { status: 'unknownProcess' };
  if (!entry.process) return { status: 'starting' };
  try {
    return { status: await act(entry.process, entry) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw internalError(`failed to write to process stdin: ${message}`);
  }
}
