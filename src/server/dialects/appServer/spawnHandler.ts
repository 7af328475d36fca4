import { isAbsolute, resolve } from 'node:path';
import { SpawnError, WHOLE_ENVIRONMENT } from '../../../environment';
import { appServer, internalError, invalidParams, invalidRequest } from '../../../protocol';
import type { NotificationSink } from '../../sessions/notificationSink';
import type { ProcessEntry } from '../../sessions/processEntry';
import type { NamespaceParams } from '../../sessions/processNamespace';
import { handler } from '../methods';
import type { AppServerCall } from './call';
import { checkSize } from './terminalSize';
import { ProcessReport, type ReportOptions } from './processReport';

const { spawn } = appServer.processes;

type SpawnParams = ReturnType<typeof spawn.decode>;

/** Longest form of a byte in a JSON string (`\u0000`), for two streams. */
const WORST_GROWTH = 2 * 6;
/** Room in a message for everything but the text. */
const OVERHEAD_BYTES = 4096;

/**
 * `process/spawn`, docs/protocol/app-server.md#processspawn. The answer leaves before the first notification.
 */
export const spawnHandler = handler(
  spawn,
  async (params, call: AppServerCall) => {
    check(params, call);
    const { tty, streamStdin } = params;
    const entry = await start(params, call);
    call.traits.set(entry, { tty, streamStdin: tty || streamStdin, stdinClosed: false });
    call.afterReply(() => follow(entry, reportOptions(params, call), call));
    return {};
  },
  { order: 'start' },
);

function check(
  { command, processHandle, cwd, tty, size, timeoutMs }: SpawnParams,
  call: AppServerCall,
): void {
  if (processHandle === '') throw invalidRequest('processHandle must not be empty');
  if (command.length === 0) throw invalidRequest('command must not be empty');
  if (!isAbsolute(cwd)) {
    throw invalidRequest(`Invalid request: cwd must be an absolute path, not ${JSON.stringify(cwd)}`);
  }
  if (size && !tty) throw invalidParams('process/spawn size requires tty: true');
  if (size) checkSize(size);
  if (timeoutMs !== null && timeoutMs < 0) {
    throw invalidParams(`process/spawn timeoutMs must be non-negative, got ${timeoutMs}`);
  }
  if (call.processes.find(processHandle)) {
    throw invalidRequest(`duplicate active process handle: ${JSON.stringify(processHandle)}`);
  }
}

async function start(params: SpawnParams, { processes }: AppServerCall): Promise<ProcessEntry> {
  try {
    return await processes.start(params.processHandle, toSpec(params));
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    throw internalError(`failed to spawn process: ${error.message}`);
  }
}

/** Laid over the server's environment; what is `null` is removed from it. */
function toSpec({ command, cwd, tty, streamStdin, env = {}, size }: SpawnParams): NamespaceParams {
  const entries = Object.entries(env);
  return {
    argv: command,
    cwd: resolve(cwd),
    env: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null)),
    envPolicy: WHOLE_ENVIRONMENT,
    unset: entries.filter(([, value]) => value === null).map(([name]) => name),
    tty,
    pipeStdin: streamStdin,
    size,
    leavesQuestions: true,
  };
}

/** Text for the end must fit into one message, whatever it is, so that it has a cap in any case. */
function reportOptions(params: SpawnParams, { maxReplyBytes, budget }: AppServerCall): ReportOptions {
  const { tty, streamStdoutStderr, outputBytesCap, timeoutMs } = params;
  const streams = tty || streamStdoutStderr;
  const capBytes = outputBytesCap ?? Infinity;
  const fitting = Math.max(0, Math.floor((maxReplyBytes - OVERHEAD_BYTES) / WORST_GROWTH));
  return {
    tty,
    streams,
    capBytes: streams ? capBytes : Math.min(capBytes, fitting),
    timeoutMs: timeoutMs ?? undefined,
    memory: budget,
  };
}

function follow(
  entry: ProcessEntry,
  options: ReportOptions,
  { processes, notifier, reports }: AppServerCall,
): void {
  const sink = (): NotificationSink => notifier.sink;
  if (entry.isEnding) return entry.follow({ sink, on: () => undefined });
  const report = new ProcessReport(entry, notifier, options, (finished) => {
    reports.delete(finished);
    processes.forget(entry);
    processes.killRest(entry);
  });
  reports.add(report);
  entry.follow({ sink, on: (event) => report.on(event) });
}
