/** A server that does what a test says: what a real one does rarely, or not at the wanted moment. */
import { ExecServerClient, type ConnectOptions } from '../../src/client';
import { webSocket, type Bad } from './badServers';

/** What a client sends, as far as it matters. */
export interface Request {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number };
}

/** @param number of the connection, from 1 */
type Answer = (
  request: Request,
  send: (message: object) => unknown,
  number: number,
  cut: () => unknown,
) => unknown;

export interface Scripted extends Bad {
  readonly client: ExecServerClient;
}

/** A client of it, after the handshake. `greeting` is the answer to `initialize`. */
export async function scripted(
  answer: Answer,
  greeting: object = { sessionId: 's', environmentInfo: {} },
  options: ConnectOptions = {},
): Promise<Scripted> {
  let connections = 0;
  const server = await webSocket((text, socket) => {
    const request = JSON.parse(text) as Request;
    const send = (message: object): void => socket.send(JSON.stringify(message));
    if (request.method === 'initialize') {
      connections++;
      send({ id: request.id, result: greeting });
    } else if (request.method !== 'initialized') {
      answer(request, send, connections, () => socket.terminate());
    }
  });
  const client = await ExecServerClient.connect({ url: `ws://127.0.0.1:${String(server.port)}` }, options);
  return { ...server, client };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const outputOf = (processId: string, seq: number, text: string): object => ({
  method: 'process/output',
  params: { processId, seq, stream: 'stdout', chunk: base64(text) },
});

/** Exit and close, from the number `seq` on. */
export const endOf = (processId: string, seq: number): object[] => [
  { method: 'process/exited', params: { processId, seq, exitCode: 0 } },
  { method: 'process/closed', params: { processId, seq: seq + 1 } },
];

/** The answer to a `process/read`; `texts` have the numbers from `from` on. */
export const pageOf = (from: number, texts: readonly string[], nextSeq: number): object => ({
  chunks: texts.map((text, index) => ({ seq: from + index, stream: 'stdout', chunk: base64(text) })),
  nextSeq,
  exited: false,
  exitCode: null,
  closed: false,
});
