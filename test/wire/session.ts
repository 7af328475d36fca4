/** What a client does with a session: the handshake, processes, and what became of them. */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, type Client, type Event, type Json } from './client.js';

export const PATH = process.env['PATH'] ?? '/usr/bin:/bin';

const STILL_ATTACHED = -32010;
const RETRY_MS = 50;
const ATTEMPTS = 400;

/** A file URI as the Codex client writes it. */
export const uri = (path: string): string => pathToFileURL(path).href;

export const b64 = (data: string | Buffer): string => Buffer.from(data).toString('base64');

export async function handshake(client: Client, resumeSessionId: string | null = null): Promise<Session> {
  const result = await initialize(client, resumeSessionId);
  client.notify('initialized', {});
  return new Session(client, String(result['sessionId']), result);
}

/** A server may notice the end of the old connection later than we do, so a resume tries again, as Codex does. */
export async function initialize(client: Client, resumeSessionId: string | null): Promise<Json> {
  for (let left = ATTEMPTS; ; left--) {
    const id = client.post('initialize', { clientName: 'wire-suite', resumeSessionId });
    const { error, result } = await client.answer(id);
    if (!error) return result as Json;
    if (error.code !== STILL_ATTACHED || left === 0) throw new Failure(error);
    await delay(RETRY_MS);
  }
}

export function startParams(argv: string[], more: Json = {}): Json {
  return { processId: randomUUID(), argv, cwd: 'file:///', env: { PATH }, tty: false, ...more };
}

export class Session {
  constructor(
    readonly client: Client,
    readonly id: string,
    readonly initialized: Json,
  ) {}

  async start(argv: string[], more: Json = {}): Promise<Proc> {
    const params = startParams(argv, more);
    const result = await this.client.call('process/start', params);
    return new Proc(this.client, String(params['processId']), result);
  }

  sh(script: string, more: Json = {}): Promise<Proc> {
    return this.start(['/bin/sh', '-c', script], more);
  }

  /** Runs a shell line to its end. */
  async run(script: string, more: Json = {}): Promise<Proc> {
    const proc = await this.sh(script, more);
    await proc.closed();
    return proc;
  }

  /** What a shell line wrote, without the white space around it. */
  async text(script: string, more: Json = {}): Promise<string> {
    return (await this.run(script, more)).text().trim();
  }
}

export class Proc {
  constructor(
    readonly client: Client,
    readonly id: string,
    readonly started: Json = {},
  ) {}

  get events(): Event[] {
    return this.client.eventsOf(this.id);
  }

  get sorted(): Event[] {
    return [...this.events].sort((a, b) => a.seq - b.seq);
  }

  bytes(stream?: string): Buffer {
    const wanted = this.sorted.filter((e) => e.kind === 'output' && (!stream || e.stream === stream));
    return Buffer.concat(wanted.map((e) => e.data));
  }

  text(stream?: string): string {
    return this.bytes(stream).toString();
  }

  get exitCode(): number | undefined {
    return this.events.find((e) => e.kind === 'exited')?.exitCode;
  }

  exited(): Promise<Event> {
    return this.event('exited');
  }

  closed(): Promise<Event> {
    return this.event('closed');
  }

  /** Waits for a text in the output, and gives all output so far. */
  until(part: string | RegExp): Promise<string> {
    return this.client.wait(`${String(part)} in the output`, () => {
      const text = this.text();
      return (typeof part === 'string' ? text.includes(part) : part.test(text)) ? text : undefined;
    });
  }

  /** A number that the process printed as NAME=123. */
  async number(name: string): Promise<number> {
    const text = await this.until(new RegExp(`${name}=\\d+\\s`));
    return Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1]);
  }

  read(more: Json = {}): Promise<Json> {
    return this.client.call('process/read', { processId: this.id, ...more });
  }

  write(chunk: string | Buffer, writeId: string = randomUUID()): Promise<Json> {
    return this.client.call('process/write', { processId: this.id, chunk: b64(chunk), writeId });
  }

  terminate(): Promise<Json> {
    return this.client.call('process/terminate', { processId: this.id });
  }

  signal(): Promise<Json> {
    return this.client.call('process/signal', { processId: this.id, signal: 'interrupt' });
  }

  private event(kind: Event['kind']): Promise<Event> {
    return this.client.wait(`${kind} of ${this.id}`, () => this.events.find((e) => e.kind === kind));
  }
}
