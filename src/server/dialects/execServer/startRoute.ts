import type { HostParams, ProcessEvent } from '../../../environment';
import { execServer, invalidParams } from '../../../protocol';
import { refuseNetworkProxy, refuseSandbox } from '../../sandboxPolicy';
import type { EncodeEvent } from '../../sessionProcess';
import { workingDirectory } from './paths';
import { route } from './route';

const { start } = execServer.processes;
const { closedNotification, exitedNotification, notificationHeads, outputNotification } =
  execServer.notifications;

type StartParams = ReturnType<typeof start.decode>;

/** `process/start`, PROTOCOL chapter 5. The response leaves before the first notification. */
export const startRoute = route(start, 'exec', async (params, call) => {
  const { processId, argv } = params;
  if (argv.length === 0) throw invalidParams('argv must not be empty');
  refuseSandbox(params.sandbox, start.name);
  refuseNetworkProxy(params.networkProxy);
  const execParams = toExecParams(params, call.session.owner('exec-server'));
  const entry = await call.session.start(processId, encoder(processId), (backend) =>
    backend.start(execParams),
  );
  call.afterReply(() => entry.follow());
  const result: execServer.processes.StartResult = { processId, sandboxType: 'none' };
  return result;
});

function toExecParams(params: StartParams, owner: HostParams['owner']): HostParams {
  const { processId, argv, cwd, env, envPolicy, tty, pipeStdin, arg0, size } = params;
  return {
    processId,
    argv,
    ...workingDirectory(cwd),
    env,
    tty,
    pipeStdin,
    owner,
    ...(envPolicy ? { envPolicy } : {}),
    ...(size ? { size } : {}),
    ...(arg0 === undefined ? {} : { arg0 }),
  };
}

function encoder(processId: string): EncodeEvent {
  const heads = notificationHeads(processId);
  return (event: ProcessEvent) => {
    switch (event.type) {
      case 'output':
        return outputNotification(heads, event.seq, event.stream, event.chunk);
      case 'exited':
        return exitedNotification(heads, event.seq, event.exitCode);
      case 'closed':
        return closedNotification(heads, event.seq);
    }
  };
}
