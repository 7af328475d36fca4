/** A server of fake processes, and clients that talk to it. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { describeEnvironment, ExecServer, type ServerLimits } from '../../../../src/server';
import { FakeBackend, silent, SURROUNDINGS } from '../fakes';

export interface Answer {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

const info = describeEnvironment({ executorVersion: '0', surroundings: SURROUNDINGS });
const servers: ExecServer[] = [];

export async function serve(limits: Partial<ServerLimits> = {}) {
  const backend = new FakeBackend();
  const server = await ExecServer.listen({
    host: '127.0.0.1',
    port: 0,
    auth: { type: 'none' },
    backend,
    environmentInfo: () => info,
    limits,
    log: silent,
  });
  servers.push(server);
  return { server, backend };
}

export class TestClient {
  readonly log: Answer[] = [];
  private lastId = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.log.push(JSON.parse(data.toString()) as Answer));
  }

  static async open(server: ExecServer): Promise<TestClient> {
    const socket = new WebSocket(server.url);
    await once(socket, 'open');
    return new TestClient(socket);
  }

  notify(method: string): void {
    this.socket.send(JSON.stringify({ method }));
  }

  async call(method: string, params: unknown): Promise<Answer> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    return this.next((answer) => answer.id === id);
  }

  async next(wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const found = this.log.find(wanted);
      if (found) return found;
      await once(this.socket, 'message');
    }
  }
}

/** A client in the mode of the app-server. */
export async function appClient(server: ExecServer): Promise<TestClient> {
  const client = await TestClient.open(server);
  const clientInfo = { name: 'app', version: '1' };
  await client.call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
  return client;
}

/** A client in the mode of the exec-servers. */
export async function execClient(server: ExecServer): Promise<TestClient> {
  const client = await TestClient.open(server);
  await client.call('initialize', { clientName: 'exec' });
  client.notify('initialized');
  return client;
}

export async function closeAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}
