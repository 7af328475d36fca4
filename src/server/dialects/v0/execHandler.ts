import { isAbsolute } from 'node:path';
import type { ProcessEvent } from '../../../environment';
import { invalidParams, v0 } from '../../../protocol';
import type { ScopedProcess } from '../../scopedProcess';
import { handler } from '../methodSet';
import type { V0Call } from './call';

const { outputDelta, exited } = v0.notifications;

/** `command/exec`: the answer leaves before the first notification. */
export const execHandler = handler(v0.commands.exec, async (params, call: V0Call) => {
  const { argv, cwd, env, tty, arg0 } = params;
  if (argv.length === 0) throw invalidParams('argv must not be empty');
  if (!isAbsolute(cwd)) throw invalidParams(`cwd must be an absolute path: ${JSON.stringify(cwd)}`);
  const spec = { argv, cwd, env, tty, arg0, pipeStdin: false };
  const entry = await call.scope.start(call.nextSessionId(), spec);
  call.afterReply(() => entry.follow(call.outlet, (event) => tell(event, entry, call)));
  const result: v0.commands.ExecResult = { sessionId: entry.id };
  return result;
});

/** A session is forgotten at its exit, and what is left of its group ends when its streams have. */
function tell(event: ProcessEvent, entry: ScopedProcess, { scope, outlet }: V0Call): void {
  switch (event.type) {
    case 'output':
      outlet.send(outputDelta(entry.id, event.stream === 'stderr' ? 'stderr' : 'stdout', event.chunk));
      break;
    case 'exited':
      scope.forget(entry);
      outlet.send(exited(entry.id, event.exitCode));
      break;
    case 'closed':
      scope.killRest(entry);
  }
}
