import type { ReadResult } from '../../../environment';
import { execServer, internalError } from '../../../protocol';
import type { ProcessEntry } from '../../sessions/processEntry';
import { findProcess, route } from './route';
import { startRoute } from './startRoute';
import { stdinRoutes } from './stdinRoutes';
import { MAX_TIMER_MS, messageOf } from '../../../values';

const { read, signal, terminate } = execServer.processes;

/** Start, read, write and stop: docs/protocol/start.md, read.md, write.md and stop.md. */
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
    const needsInput = call.session.processes.find(processId)?.needsInput;
    return {
      ...toReadReply(result, process.sandboxDenied),
      ...(needsInput === undefined ? {} : { needsInput }),
    };
  }),

  ...stdinRoutes,

  route(
    signal,
    'exec',
    async ({ processId }, call) => {
      const entry = await call.session.processes.findStarted(processId);
      if (entry && !entry.hasExited) interrupt(entry);
      return {};
    },
    { priority: 'control' },
  ),

  // The answer never waits for the kill.
  route(
    terminate,
    'exec',
    ({ processId, mode, descendants }, call): execServer.processes.TerminateResult => ({
      running: call.session.processes.find(processId)?.terminate(graceOf(mode), descendants) ?? false,
    }),
    { priority: 'control' },
  ),
];

/** Milliseconds between asking and killing; undefined to kill at once. */
function graceOf(mode: ReturnType<typeof terminate.decode>['mode']): number | undefined {
  return typeof mode === 'object' ? mode.graceful.timeoutMs : undefined;
}

function interrupt(entry: ProcessEntry): void {
  try {
    entry.process?.interrupt();
  } catch (error) {
    throw internalError(`failed to signal process: ${messageOf(error)}`);
  }
}

function toReadReply(
  { chunks, nextSeq, exited, exitCode, closed }: ReadResult,
  sandboxDenied: boolean,
): execServer.processes.ReadReply {
  return {
    chunks: chunks.map(({ seq, stream, chunk }) => ({ seq, stream, chunk: chunk.toString('base64') })),
    nextSeq,
    exited,
    exitCode,
    closed,
    failure: null,
    sandboxDenied,
  };
}
