import { appServer, invalidRequest } from '../../../protocol';
import { handler, type Handler } from '../methods';
import { activeProcess, notRunning } from './activeProcess';
import type { AppServerCall } from './call';
import { spawnHandler } from './spawnHandler';
import { stdinHandler } from './stdinHandler';
import { checkSize } from './terminalSize';

const { kill, resizePty } = appServer.processes;

/** The methods of docs/protocol/app-server.md, except `initialize`. */
export const handlers: readonly Handler<AppServerCall>[] = [
  spawnHandler,
  stdinHandler,

  handler(resizePty, async ({ processHandle, size: { rows, cols } }, call: AppServerCall) => {
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
    async ({ processHandle }, call: AppServerCall) => {
      const { entry } = await activeProcess(processHandle, call);
      if (!entry.hasExited) void entry.stop({ from: 'kill', by: 'client' });
      return {};
    },
    { priority: 'control' },
  ),
];
