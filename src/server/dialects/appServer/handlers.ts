import { appServer, invalidRequest } from '../../../protocol';
import type { ScopedProcess } from '../../scopedProcess';
import { handler, type Handler } from '../methodSet';
import type { AppServerCall } from './call';
import { checkSize } from './size';
import { spawnHandler } from './spawnHandler';
import { stdinHandler } from './stdinHandler';
import { activeProcess, notRunning } from './activeProcess';

const { kill, resizePty } = appServer.processes;

/** PROTOCOL chapter 15.2. */
export const handlers: readonly Handler<AppServerCall>[] = [
  spawnHandler,
  stdinHandler,

  handler(resizePty, async ({ processHandle, size: { rows, cols } }, call) => {
    checkSize({ rows, cols });
    const { entry, traits } = await activeProcess(processHandle, call);
    if (!traits.tty) throw invalidRequest('failed to resize PTY: process is not attached to a PTY');
    if (entry.hasExited) throw notRunning(processHandle);
    entry.process?.resize({ rows, cols });
    return {};
  }),

  // May be repeated until the exit is reported; the answer never waits for the kill.
  handler(
    kill,
    async ({ processHandle }, call) => {
      const { entry } = await activeProcess(processHandle, call);
      if (!entry.hasExited) end(entry);
      return {};
    },
    'immediate',
  ),
];

function end(entry: ScopedProcess): void {
  void entry.stop({ from: 'kill', by: 'client' });
}
