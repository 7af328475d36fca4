import type { WriteStatus } from '../../../environment';
import { internalError, invalidRequest, v0 } from '../../../protocol';
import { handler, type Handler } from '../methodSet';
import type { V0Call } from './call';
import { execHandler } from './execHandler';

const { terminate, write } = v0.commands;

/** PROTOCOL chapter 14. */
export const handlers: readonly Handler<V0Call>[] = [
  execHandler,

  handler(write, async ({ sessionId, chunk }, { scope }) => {
    const entry = await scope.findStarted(sessionId);
    if (!entry?.process) throw invalidRequest(`unknown session id ${sessionId}`);
    let status: WriteStatus;
    try {
      status = await entry.stdinQueue.answer(entry.process.write(chunk), chunk.length);
    } catch {
      throw internalError('failed to write to process stdin');
    }
    if (status !== 'accepted') throw invalidRequest(`stdin is closed for session ${sessionId}`);
    return { accepted: true };
  }),

  // The answer never waits for the kill.
  handler(
    terminate,
    ({ sessionId }, { scope }): v0.commands.TerminateResult => {
      const entry = scope.find(sessionId);
      void entry?.stop({ from: 'kill', by: 'client' });
      return { running: entry !== undefined };
    },
    'immediate',
  ),
];
