import { isAbsolute } from 'node:path';
import type { ProcessEvent, WriteStatus } from '../../environment';
import { invalidParams, invalidRequest, v0 } from '../../protocol';
import type { RequestContext } from '../../rpc';
import { toWriteError } from '../errors';
import type { NotificationSink } from '../sessions/notificationSink';
import type { ProcessEntry } from '../sessions/processEntry';
import type { ProcessNamespace } from '../sessions/processNamespace';
import type { Session } from '../sessions/session';
import { bind, handler, type BoundMethod, type Handler } from './methods';

const { exec, terminate, write } = v0.commands;
const { outputDelta, exited } = v0.notifications;

/** What a handler of this dialect works with. */
interface Call extends RequestContext {
  /** The sessions of this connection. */
  readonly processes: ProcessNamespace;
  readonly sink: NotificationSink;
  /** `session-1`, `session-2`, … */
  nextSessionId(): string;
}

/** The methods of docs/protocol/v0.md. */
const handlers: readonly Handler<Call>[] = [
  // The answer leaves before the first notification.
  handler(
    exec,
    async (params, call: Call) => {
      const { argv, cwd, env, tty, arg0 } = params;
      if (argv.length === 0) throw invalidParams('argv must not be empty');
      if (!isAbsolute(cwd)) throw invalidParams(`cwd must be an absolute path: ${JSON.stringify(cwd)}`);
      const spec = { argv, cwd, env, tty, arg0, pipeStdin: false };
      const entry = await call.processes.start(call.nextSessionId(), spec);
      call.afterReply(() => entry.follow({ sink: () => call.sink, on: (event) => tell(event, entry, call) }));
      const result: v0.commands.ExecResult = { sessionId: entry.id };
      return result;
    },
    { order: 'start' },
  ),

  handler(write, async ({ sessionId, chunk }, { processes }: Call) => {
    const entry = await processes.findStarted(sessionId);
    if (!entry?.process) throw invalidRequest(`unknown session id ${sessionId}`);
    let status: WriteStatus;
    try {
      status = await entry.write(entry.process, chunk);
    } catch (error) {
      throw toWriteError(error, 'failed to write to process stdin');
    }
    if (status !== 'accepted') throw invalidRequest(`stdin is closed for session ${sessionId}`);
    return { accepted: true };
  }),

  // The answer never waits for the kill.
  handler(
    terminate,
    ({ sessionId }, { processes }: Call): v0.commands.TerminateResult => {
      const entry = processes.find(sessionId);
      void entry?.stop({ from: 'kill', by: 'client' });
      return { running: entry !== undefined };
    },
    { priority: 'control' },
  ),
];

/** A session is forgotten at its exit, and what is left of its group ends when its streams have. */
function tell(event: ProcessEvent, entry: ProcessEntry, { processes, sink }: Call): void {
  switch (event.type) {
    case 'output':
      sink.send(
        outputDelta(sink.allocate, entry.id, event.stream === 'stderr' ? 'stderr' : 'stdout', event.chunk),
      );
      break;
    case 'exited':
      processes.forget(entry);
      sink.send(exited(entry.id, event.exitCode));
      break;
    case 'closed':
      processes.killRest(entry);
  }
}

/** Dialect (b) on one connection: `command/exec` and its companions. */
export class V0Methods {
  readonly bound: readonly [string, BoundMethod][];
  private processes: ProcessNamespace | undefined;
  private lastSession = 0;

  /** @param session the connection's; throws before the handshake is done */
  constructor(sink: NotificationSink, session: () => Session) {
    const nextSessionId = (): string => `session-${++this.lastSession}`;
    this.bound = bind(handlers, (context) => {
      const processes = (this.processes ??= session().openNamespace('exec-server v0'));
      // The context last: put first it takes V8 ten times as long.
      return { processes, sink, nextSessionId, ...context };
    });
  }

  /** There is no resume here: the processes end at once. */
  end(): void {
    void this.processes?.end({ from: 'kill', by: 'gone' });
  }
}
