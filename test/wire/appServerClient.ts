/** What a client of the app-server's processes does: the handshake, and what it is told about a handle. */
import { randomUUID } from 'node:crypto';
import type { Case } from './cases.js';
import type { Client, Json, Message } from './client.js';
import type { Server } from './target.js';

export const CLIENT_INFO = { name: 'wire-suite', version: '1' };

export async function appServer(t: Case, capabilities: Json = {}, server?: Server): Promise<AppServer> {
  const client = await t.connect(server);
  const initialized = await client.call('initialize', {
    clientInfo: CLIENT_INFO,
    capabilities: { experimentalApi: true, ...capabilities },
  });
  return new AppServer(client, initialized);
}

export class AppServer {
  constructor(
    readonly client: Client,
    readonly initialized: Json = {},
  ) {}

  async spawn(command: string[], more: Json = {}): Promise<Handle> {
    const params = spawnParams(command, more);
    await this.client.call('process/spawn', params);
    return new Handle(this.client, String(params['processHandle']));
  }

  sh(script: string, more: Json = {}): Promise<Handle> {
    return this.spawn(['/bin/sh', '-c', script], more);
  }

  async run(script: string, more: Json = {}): Promise<Json> {
    return (await this.sh(script, more)).exited();
  }
}

export function spawnParams(command: string[], more: Json = {}): Json {
  return { command, processHandle: randomUUID(), cwd: '/', ...more };
}

export class Handle {
  constructor(
    readonly client: Client,
    readonly processHandle: string,
  ) {}

  get messages(): Message[] {
    return this.client.log.filter(({ params }) => params?.['processHandle'] === this.processHandle);
  }

  get deltas(): Json[] {
    return this.messages.filter((m) => m.method === 'process/outputDelta').map((m) => m.params ?? {});
  }

  text(stream = 'stdout'): string {
    const wanted = this.deltas.filter((delta) => delta['stream'] === stream);
    return Buffer.concat(
      wanted.map((delta) => Buffer.from(String(delta['deltaBase64']), 'base64')),
    ).toString();
  }

  until(part: string): Promise<string> {
    return this.client.wait(`${part} in the output`, () =>
      this.text().includes(part) ? this.text() : undefined,
    );
  }

  exited(): Promise<Json> {
    return this.client.wait(`the exit of ${this.processHandle}`, () => {
      return this.messages.find((m) => m.method === 'process/exited')?.params;
    });
  }

  call(method: string, more: Json = {}): Promise<Json> {
    return this.client.call(`process/${method}`, { processHandle: this.processHandle, ...more });
  }

  fails(method: string, more: Json = {}): Promise<Json> {
    const { processHandle } = this;
    return this.client.fails(`process/${method}`, {
      processHandle,
      ...more,
    }) as Promise<unknown> as Promise<Json>;
  }
}
