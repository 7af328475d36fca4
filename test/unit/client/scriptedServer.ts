import type { Connector } from '../../../src/client/connector';
import type { ExecParams, ExecProcessEvent } from '../../../src/model';
import { RpcError } from '../../../src/protocol';
import { transportPair, type Transport, type TransportEvents } from '../../../src/rpc';

export interface Request {
  readonly id?: number;
  /** Absent in an answer to what the server asked. */
  readonly method?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The answer that never comes. */
export const SILENCE = Symbol('silence');

/** What is answered to one method: a result, a thrown RpcError, or SILENCE. */
export type Answer = (params: Request['params'], request: Request) => unknown;

/** A server that does what a test says, joined to its client without a socket: no message takes any time. */
export class ScriptedServer implements Connector {
  readonly target = 'the pair';
  readonly resumes: boolean;
  readonly allowsBanner: boolean;
  /** What came, over all connections, the handshakes left out. */
  readonly requests: Request[] = [];
  /** What `initialize` was asked with, one for each connection. */
  readonly handshakes: Request['params'][] = [];
  readonly answers = new Map<string, Answer>([
    ['initialize', () => ({ sessionId: 's', environmentInfo: {} })],
    ['process/start', ({ processId }) => ({ processId })],
  ]);
  /** What an attempt to connect ends with instead of a transport. */
  refusal: Error | undefined;
  /** Whether attempts to connect do not end by themselves. */
  stalls = false;
  /** Whether the server reads nothing: what is sent to it gets lost with the connection. */
  deaf = false;
  /** How often a connection was asked for, and how often the client said that it needs none any more. */
  dials = 0;
  ends = 0;
  private transport: Transport | undefined;

  constructor({ resumes = true, allowsBanner = false } = {}) {
    this.resumes = resumes;
    this.allowsBanner = allowsBanner;
  }

  get isConnected(): boolean {
    return this.transport !== undefined;
  }

  end(): Promise<void> {
    this.ends++;
    return Promise.resolve();
  }

  open(events: TransportEvents, signal: AbortSignal): Promise<Transport> {
    this.dials++;
    if (this.stalls) return new Promise(() => undefined);
    if (this.refusal) return Promise.reject(this.refusal);
    const [near, far] = transportPair('the client', 'the server');
    const transport = far.begin({
      message: (data) => this.receive(data, transport),
      drained: () => undefined,
      closed: () => {
        if (this.transport === transport) this.transport = undefined;
      },
    });
    this.transport = transport;
    const ours = near.begin(events);
    signal.addEventListener('abort', () => ours.close(1001, 'given up'), { once: true });
    return Promise.resolve(ours);
  }

  send(...messages: readonly object[]): void {
    for (const message of messages) this.transport?.send(JSON.stringify(message));
  }

  /** What no exec-server sends. */
  sendText(text: string): void {
    this.transport?.send(text);
  }

  /** Ends the connection so that the client is lost for good: its end asks for nothing then. */
  async ruin(): Promise<void> {
    this.sendText('no message');
    await arrived();
  }

  /** Ends the connection as a broken line does. */
  cut(): void {
    const { transport } = this;
    this.transport = undefined;
    transport?.close(1001, 'cut');
  }

  /** The methods that came, in order. */
  get methods(): string[] {
    return this.requests.map(({ method }) => method ?? 'answer');
  }

  private receive(data: Buffer, from: Transport): void {
    if (this.deaf) return;
    const request = JSON.parse(data.toString()) as Request;
    if (request.method === 'initialized') return;
    if (request.method === 'initialize') this.handshakes.push(request.params);
    else this.requests.push(request);
    if (request.id === undefined || request.method === undefined) return;
    const answer = this.answers.get(request.method);
    try {
      const result = answer ? answer(request.params, request) : {};
      if (result !== SILENCE) from.send(JSON.stringify({ id: request.id, result }));
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const { code, message } = error;
      from.send(JSON.stringify({ id: request.id, error: { code, message } }));
    }
  }
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

export const outputOf = (processId: string, seq: number, text: string | Buffer): object => ({
  method: 'process/output',
  params: { processId, seq, stream: 'stdout', chunk: base64(text) },
});

export const exitOf = (processId: string, seq: number, exitCode = 0): object => ({
  method: 'process/exited',
  params: { processId, seq, exitCode },
});

export const closeOf = (processId: string, seq: number): object => ({
  method: 'process/closed',
  params: { processId, seq },
});

/** The answer to a `process/read`: `texts` have the numbers from `from` on. */
export const pageOf = (
  from: number,
  texts: readonly string[],
  nextSeq: number,
  more: object = {},
): object => ({
  chunks: texts.map((text, index) => ({ seq: from + index, stream: 'stdout', chunk: base64(text) })),
  nextSeq,
  exited: false,
  exitCode: null,
  closed: false,
  ...more,
});

/** What to start, as far as a client cares. */
export const paramsOf = (processId: string, more: Partial<ExecParams> = {}): ExecParams => ({
  processId,
  argv: ['x'],
  cwd: '/',
  env: {},
  tty: false,
  pipeStdin: false,
  ...more,
});

/** What a listener of a process got, a word for each event. */
export const wordsOf = (events: readonly ExecProcessEvent[]): string =>
  events
    .map((event) => {
      if (event.type === 'output') return event.chunk.toString();
      return event.type === 'failed' ? 'failed' : `${event.type}@${String(event.seq)}`;
    })
    .join(' ');

/** Lets all that is on its way between the two arrive; no clock is needed for it. */
export async function arrived(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}
