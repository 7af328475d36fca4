import type { ExecProcess, ReadResult } from '../../../environment';
import { execServer, internalError, invalidRequest } from '../../../protocol';
import type { SessionProcess } from '../../sessionProcess';
import { route, type Call } from './route';
import { startRoute } from './startRoute';

const { read, signal, terminate, write } = execServer.processes;

/** Longest wait of Node's timers; a longer `waitMs` means this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** PROTOCOL chapters 7 to 9. */
export const processRoutes = [
  startRoute,

  route(read, 'exec', async ({ processId, afterSeq, maxBytes, waitMs }, call) => {
    const process = await runningProcess(processId, call);
    const result = await process.read({
      afterSeq: afterSeq ?? 0,
      waitMs: Math.min(waitMs ?? 0, MAX_TIMER_MS),
      signal: call.signal,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    return toReadReply(result);
  }),

  route(write, 'exec', async ({ processId, chunk, writeId }, call) => {
    const entry = await call.session.findStarted(processId);
    if (!entry) return { status: 'unknownProcess' };
    if (!entry.process) return { status: 'starting' };
    try {
      return { status: await entry.process.write(chunk, writeId) };
    } catch (error) {
      throw internalError(`failed to write to process stdin: ${messageOf(error)}`);
    }
  }),

  route(
    signal,
    'exec',
    async ({ processId }, call) => {
      const entry = await call.session.findStarted(processId);
      if (entry && !entry.hasExited) interrupt(entry);
      return {};
    },
    'immediate',
  ),

  // The answer never waits for the kill.
  route(
    terminate,
    'exec',
    ({ processId }, call): execServer.processes.TerminateResult => ({
      running: call.session.terminate(processId),
    }),
    'immediate',
  ),
];

async function runningProcess(processId: string, call: Call): Promise<ExecProcess> {
  const entry = await call.session.findStarted(processId);
  if (!entry) throw invalidRequest(`unknown process id ${processId}`);
  if (!entry.process) throw invalidRequest(`process id ${processId} is starting`);
  return entry.process;
}

function interrupt(entry: SessionProcess): void {
  try {
    entry.process?.interrupt();
  } catch (error) {
    throw internalError(`failed to signal process: ${messageOf(error)}`);
  }
}

function toReadReply({
  chunks,
  nextSeq,
  exited,
  exitCode,
  closed,
}: ReadResult): execServer.processes.ReadReply {
  return {
    chunks: chunks.map(({ seq, stream, chunk }) => ({ seq, stream, chunk: chunk.toString('base64') })),
    nextSeq,
    exited,
    exitCode,
    closed,
    failure: null,
    sandboxDenied: false,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
