import type { ExecServerClient } from '../client';
import type { ExecBackend, ExecParams, ExecProcess } from './execBackend';
import { RemoteLog } from './remoteLog';
import { RemoteExecProcess } from './remoteExecProcess';

/** Runs processes on an exec-server, which is connected to on first use. */
export class RemoteExecBackend implements ExecBackend {
  /** @param client rejects with a sentence when the server cannot be used; nothing is ever started elsewhere instead */
  constructor(private readonly client: () => Promise<ExecServerClient>) {}

  async start(params: ExecParams): Promise<{ process: ExecProcess }> {
    const client = await this.client();
    const log = new RemoteLog();
    const remote = await client.start(params, (event) => log.take(event));
    return { process: new RemoteExecProcess(remote, log) };
  }
}
