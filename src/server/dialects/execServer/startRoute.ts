import { canMergeStderr, SpawnError, type NoStart, type ProcessEvent } from '../../../environment';
import { ErrorCode, execServer, invalidParams, invalidRequest, RpcError } from '../../../protocol';
import { decodeSandbox, SandboxRefusal, type SandboxRequest } from '../../../sandbox';
import { refuseNetworkProxy } from '../../networkProxy';
import type { NotificationSink } from '../../sessions/notificationSink';
import type { NamespaceParams } from '../../sessions/processNamespace';
import type { Session } from '../../sessions/session';
import { messageOf } from '../../../values';
import { workingDirectory } from './paths';
import { route } from './route';

const { start } = execServer.processes;
const { closedNotification, exitedNotification, needsInput, notificationHeads, outputNotification } =
  execServer.notifications;

type StartParams = ReturnType<typeof start.decode>;

/**
 * `process/start`, docs/protocol/start.md#processstart. The response leaves before the first notification.
 */
export const startRoute = route(
  start,
  'exec',
  async (params, { session, afterReply }) => {
    const { processId, argv } = params;
    if (argv.length === 0) throw invalidParams('argv must not be empty');
    const sandbox = enforceable(params, session);
    if (params.mergeStderr && !canMergeStderr()) throw invalidParams(NO_MERGE);
    const sink = params.lifetime === 'connection' ? session.sink : undefined;
    if (params.lifetime === 'connection' && !sink) throw invalidRequest('the connection has ended');
    const entry = await session.processes.start(processId, toExecParams(params, sandbox), sink).catch(failed);
    const { process } = entry;
    const encode = encoder(processId, {
      denied: () => process?.sandboxDenied ?? false,
      signal: () => (params.lifetime ? process?.exitSignal : undefined),
    });
    // What happens while no connection is there is not sent: clients fetch it by `process/read`.
    const on = (event: ProcessEvent): void => {
      const { sink } = session;
      if (sink) sink.send(encode(event, sink.allocate));
    };
    afterReply(() => {
      if (params.needsInput) {
        entry.followNeeds(params.atPrompt, (needed) => {
          session.sink?.send(
            JSON.stringify({ method: needsInput.name, params: { processId, needsInput: needed } }),
          );
        });
      }
      entry.follow({ sink: () => session.sink, on, use: 'lent' });
    });
    const pid = params.lifetime ? process?.pid : undefined;
    const result: execServer.processes.StartResult = {
      processId,
      sandboxType: process?.sandboxType ?? 'none',
      ...(pid == null ? {} : { pid }),
    };
    return result;
  },
  { order: 'start' },
);

/** By the system's error code. */
const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'spawnNotFound',
  EACCES: 'spawnPermissionDenied',
};

/** Tells programs, too, that it cannot be run, and why. */
function failed(error: unknown): never {
  if (!(error instanceof SpawnError)) throw error;
  const kind = FAILURES[error.code ?? ''] ?? 'spawnFailed';
  throw new RpcError(ErrorCode.internal, error.message, { kind });
}

const NO_MERGE =
  'mergeStderr: on this system stderr cannot be the same pipe as stdout; leave it out, or redirect by a shell (2>&1)';

/** The sandbox that is asked for. What cannot be enforced is refused, and people are shown that it was. */
function enforceable(params: StartParams, session: Session): SandboxRequest {
  const attempt = <T>(why: NoStart['why'], read: () => T): T => {
    try {
      return read();
    } catch (error) {
      const reason = messageOf(error);
      const more = error instanceof SandboxRefusal ? { remedy: error.remedy } : {};
      session.processes.refused(params.processId, shownParams(params), { why, reason, ...more });
      throw error;
    }
  };
  const sandbox = attempt('sandbox', () => decodeSandbox(params.sandbox));
  attempt('network', () => refuseNetworkProxy(params));
  return sandbox;
}

/** For people only: the folder may be one of another machine. */
function shownParams({ argv, cwd, tty, pipeStdin, arg0 }: StartParams): NamespaceParams {
  return { argv, cwd: shownPath(cwd), env: {}, tty, pipeStdin, ...(arg0 === undefined ? {} : { arg0 }) };
}

function shownPath(uri: StartParams['cwd']): string {
  try {
    return workingDirectory(uri).cwd;
  } catch {
    return uri.text;
  }
}

function toExecParams(params: StartParams, sandbox: SandboxRequest): NamespaceParams {
  const { argv, cwd, env, envPolicy, tty, pipeStdin, arg0, size, mergeStderr, label } = params;
  return {
    sandbox,
    argv,
    ...workingDirectory(cwd),
    env,
    tty,
    pipeStdin,
    ...(envPolicy ? { envPolicy } : {}),
    ...(size ? { size } : {}),
    ...(mergeStderr ? { mergeStderr } : {}),
    ...(label === undefined ? {} : { label }),
    ...(arg0 === undefined ? {} : { arg0 }),
  };
}

/**
 * Turns events into notifications of this dialect.
 *
 * @param of of the process when it has ended; a signal that is undefined is not told
 */
function encoder(
  processId: string,
  of: { denied: () => boolean; signal: () => number | null | undefined },
): (event: ProcessEvent, allocate: NotificationSink['allocate']) => string | Buffer {
  const heads = notificationHeads(processId);
  return (event, allocate) => {
    switch (event.type) {
      case 'output':
        return outputNotification(allocate, heads, event.seq, event.stream, event.chunk);
      case 'exited':
        return exitedNotification(heads, event.seq, event.exitCode, of.denied(), of.signal());
      case 'closed':
        return closedNotification(heads, event.seq);
    }
  };
}
