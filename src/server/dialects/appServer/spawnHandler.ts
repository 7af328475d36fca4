import { isAbsolute, resolve } from 'node:path';
import { WHOLE_ENVIRONMENT } from '../../../environment';
import { appServer, internalError, invalidParams, invalidRequest } from '../../../protocol';
import type { ScopedParams } from '../../processScope';
import type { ScopedProcess } from '../../scopedProcess';
import { handler } from '../methodSet';
import type { AppServerCall } from './call';
import { ProcessReport, type ReportOptions } from './processReport';
import { checkSize } from './size';

const { spawn } = appServer.processes;

type SpawnParams = ReturnType<typeof spawn.decode>;

/** Longest form of a byte in a JSON string (`\u0000`), for two streams. */
const WORST_GROWTH = 2 * 6;
/** Room in a message for everything but the text. */
const OVERHEAD_BYTES = 4096;

/** `process/spawn`, PROTOCOL chapter 15.2. The answer leaves before the first notification. */
export const spawnHandler = handler(spawn, async (params, call: AppServerCall) => {
  check(params, call);
  const { tty, streamStdin } = params;
  const entry = await start(params, call);
  call.traits.set(entry, { tty, streamStdin: tty || streamStdin, stdinClosed: false });
  call.afterReply(() => follow(entry, reportOptions(params, call.maxReplyBytes), call));
  return {};
});

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
  if (call.scope.find(processHandle)) {
    throw invalidRequest(`duplicate active process handle: ${JSON.stringify(processHandle)}`);
  }
}

async function start(params: SpawnParams, { scope }: AppServerCall): Promise<ScopedProcess> {
  try {
    return await scope.start(params.processHandle, toSpec(params));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SpawnError') throw error;
    throw internalError(`failed to spawn process: ${error.message}`);
  }
}

/** Laid over the server's environment; what is `null` is removed from it. */
function toSpec({ command, cwd, tty, streamStdin, env = {}, size }: SpawnParams): ScopedParams {
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
  };
}

/** Text for the end must fit into one message, whatever it is, so that it has a cap in any case. */
function reportOptions(params: SpawnParams, maxMessageBytes: number): ReportOptions {
  const { tty, streamStdoutStderr, outputBytesCap, timeoutMs } = params;
  const streams = tty || streamStdoutStderr;
  const capBytes = outputBytesCap ?? Infinity;
  const fitting = Math.max(0, Math.floor((maxMessageBytes - OVERHEAD_BYTES) / WORST_GROWTH));
  return {
    tty,
    streams,
    capBytes: streams ? capBytes : Math.min(capBytes, fitting),
    timeoutMs: timeoutMs ?? undefined,
  };
}

function follow(
  entry: ScopedProcess,
  options: ReportOptions,
  { scope, notifier, reports }: AppServerCall,
): void {
  if (entry.isEnding) return entry.follow(notifier.outlet, () => undefined);
  const report = new ProcessReport(entry, notifier, options, (finished) => {
    reports.delete(finished);
    scope.forget(entry);
    scope.killRest(entry);
  });
  reports.add(report);
  entry.follow(notifier.outlet, (event) => report.on(event));
}
