/** A raw client: it sends what it is told, keeps what it gets, and wakes those who wait. */
import WebSocket from 'ws';
import { STEP_MS } from '../../scripts/host/patience.mjs';

export type Json = Record<string, unknown>;
export type Id = string | number;
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}
/** The members of notifications that the suite looks at. */
export interface Params extends Json {
  processId?: string;
  seq?: number;
  stream?: string;
  chunk?: string;
  exitCode?: number;
}
export interface Message {
  id?: Id;
  method?: string;
  params?: Params;
  result?: unknown;
  error?: RpcError;
}
export interface Event {
  kind: 'output' | 'exited' | 'closed';
  seq: number;
  stream: string;
  data: Buffer;
  exitCode: number;
  params: Json;
}

const MAX_PAYLOAD_BYTES = 512 << 20;

export class Failure extends Error {
  constructor(readonly body: RpcError) {
    super(`${String(body.code)} ${body.message}`);
  }
}

export class Client {
  /** Everything that came, in order. */
  readonly log: Message[] = [];
  readonly binary: boolean[] = [];
  readonly closed: Promise<number>;
  closeCode: number | undefined;
  /** Called for each message instead of keeping it, for cases with a lot of output. */
  sink: ((message: Message) => void) | undefined;
  private readonly events = new Map<string, Event[]>();
  private readonly probes = new Set<() => void>();
  private nextId = 1;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        this.closeCode = code;
        this.wake();
        resolve(code);
      });
    });
    socket.on('message', (data: Buffer, isBinary) => {
      const message = JSON.parse(data.toString()) as Message;
      if (this.sink) return this.sink(message);
      this.log.push(message);
      this.binary.push(isBinary);
      this.keep(message);
      this.wake();
    });
    socket.on('error', () => undefined);
  }

  static async open(url: URL | string, headers: Record<string, string> = {}): Promise<Client> {
    const socket = new WebSocket(url, {
      headers,
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
      handshakeTimeout: STEP_MS,
    });
    const client = new Client(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** On something else that behaves like an open WebSocket. */
  static over(socket: WebSocket): Client {
    return new Client(socket);
  }

  raw(data: string | Buffer, binary = typeof data !== 'string'): void {
    this.socket.send(data, { binary });
  }

  send(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  notify(method: string, params?: unknown): void {
    this.send({ method, params });
  }

  /** Sends a request and gives its id, without waiting. */
  post(method: string, params?: unknown, id: Id = this.nextId++): Id {
    this.send({ id, method, params });
    return id;
  }

  answer(id: Id, patienceMs = STEP_MS): Promise<Message> {
    const probe = () => this.log.find((m) => m.id === id && m.method === undefined);
    return this.wait(`the answer to ${String(id)}`, probe, patienceMs);
  }

  async settle(id: Id): Promise<Json> {
    const { result, error } = await this.answer(id);
    if (error) throw new Failure(error);
    return result as Json;
  }

  /** The result; throws a Failure for an error. */
  async call(method: string, params?: unknown): Promise<Json> {
    return this.settle(this.post(method, params));
  }

  /** The error; throws for a result. */
  async fails(method: string, params?: unknown): Promise<RpcError> {
    const { error, result } = await this.answer(this.post(method, params));
    if (!error) throw new Error(`${method} was expected to fail, but gave ${JSON.stringify(result)}`);
    return error;
  }

  eventsOf(processId: string): Event[] {
    let list = this.events.get(processId);
    if (!list) this.events.set(processId, (list = []));
    return list;
  }

  /** Waits until the probe finds something; it is asked again after each message. */
  wait<T>(what: string, probe: () => T | undefined, patienceMs = STEP_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(timer);
        this.probes.delete(attempt);
        act();
      };
      const attempt = (): void => {
        const found = probe();
        if (found !== undefined) end(() => resolve(found));
        else if (this.closeCode !== undefined)
          end(() => reject(new Error(`closed (${String(this.closeCode)}) while waiting for ${what}`)));
      };
      const giveUp = (): void => end(() => reject(new Error(`waited in vain for ${what}`)));
      const timer = setTimeout(giveUp, patienceMs);
      this.probes.add(attempt);
      attempt();
    });
  }

  /** Drops the connection without a word. */
  async drop(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  private keep({ method, params }: Message): void {
    if (!method?.startsWith('process/') || !params) return;
    this.eventsOf(params.processId ?? '').push({
      kind: method.slice('process/'.length) as Event['kind'],
      seq: params.seq ?? NaN,
      stream: params.stream ?? '',
      data: Buffer.from(params.chunk ?? '', 'base64'),
      exitCode: params.exitCode ?? NaN,
      params,
    });
  }

  private wake(): void {
    for (const probe of [...this.probes]) probe();
  }
}
