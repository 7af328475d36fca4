import type { ReadResult } from '../../../environment';
import { execServer, internalError } from '../../../protocol';
import type { SessionProcess } from '../../sessionProcess';
import { findProcess } from './findProcess';
import { route } from './route';
import { startRoute } from './startRoute';
import { stdinRoutes } from './stdinRoutes';

const { read, signal, terminate } = execServer.processes;

/** Longest wait of Node's timers; a longer `waitMs` means this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** PROTOCOL chapters 7 to 9. */
export const processRoutes = [
  startRoute,

  route(read, 'exec', async ({ processId, afterSeq, maxBytes, waitMs }, call) => {
    const process = await findProcess(processId, call);
    const result = await process.read({
      afterSeq: afterSeq ?? 0,
      waitMs: Math.min(waitMs ?? 0, MAX_TIMER_MS),
      signal: call.signal,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    return toReadReply(result);
  }),

  ...stdinRoutes,

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
    ({ processId, mode }, call): execServer.processes.TerminateResult => ({
      running: call.session.terminate(processId, graceOf(mode)),
    }),
    'immediate',
  ),
];

/** Milliseconds between asking and killing; undefined to kill at once. */
function graceOf(mode: ReturnType<typeof terminate.decode>['mode']): number | undefined {
  return typeof mode === 'object' ? mode.graceful.timeoutMs : undefined;
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
