/** What a client of the early exec-server does: it starts a session, and is told about it. */
import type { Client, Json, Message } from './client.js';
import { PATH } from './session.js';

export const EXITED = 'command/exec/exited';

export function params(script: string, more: Json = {}): Json {
  return { argv: ['/bin/sh', '-c', script], cwd: '/', env: { PATH }, tty: false, ...more };
}

/** A started session and what is told about it. */
export class Started {
  constructor(
    readonly client: Client,
    readonly id: string,
  ) {}

  get messages(): Message[] {
    return this.client.log.filter(({ params: told }) => told?.['sessionId'] === this.id);
  }

  text(stream = 'stdout'): string {
    const deltas = this.messages.filter(
      (m) => m.method === 'command/exec/outputDelta' && m.params?.stream === stream,
    );
    return Buffer.concat(deltas.map((m) => Buffer.from(m.params?.chunk ?? '', 'base64'))).toString();
  }

  until(part: string): Promise<string> {
    return this.client.wait(part, () => (this.text().includes(part) ? this.text() : undefined));
  }

  exitCode(): Promise<number> {
    return this.client.wait(
      'the exit',
      () => this.messages.find((m) => m.method === EXITED)?.params?.exitCode,
    );
  }
}

export async function start(client: Client, script: string, more: Json = {}): Promise<Started> {
  const { sessionId } = await client.call('command/exec', params(script, more));
  return new Started(client, String(sessionId));
}
