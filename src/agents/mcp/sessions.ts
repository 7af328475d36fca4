import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import { answerError } from './answer';
import type { ClientWords, McpClients } from './clients';
import type { McpOptions } from './options';
import { clientOf, toolServer } from './toolServer';

/** Sessions at a time; the one that was silent longest makes room. */
const MAX_SESSIONS = 256;

interface Session {
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly server: ReturnType<typeof toolServer>;
}

/** The protocol as it was before 2026-07-28: a client opens a session and names it in each request. */
export class McpSessions {
  /** The one that was silent longest first. */
  private readonly open = new Map<string, Session>();

  constructor(
    private readonly options: McpOptions,
    private readonly clients: McpClients,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const session = typeof id === 'string' ? this.open.get(id) : undefined;
    if (session && typeof id === 'string') {
      this.open.delete(id);
      this.open.set(id, session);
      this.noteWhile(response, clientOf(session.server));
      cancelWhenDropped(response, session.transport, body);
      return session.transport.handleRequest(request, response, body);
    }
    // As the protocol says: a client that is told so opens a new one.
    if (id !== undefined) {
      answerError(response, 404, -32001, 'Session not found', body);
      return;
    }
    if (!isInitializeRequest(body)) {
      answerError(response, 400, -32000, 'Bad Request: open a session with initialize first', body);
      return;
    }
    this.noteWhile(response, body.params.clientInfo);
    const transport = await this.begin();
    await transport.handleRequest(request, response, body);
  }

  /** Takes no more requests of clients that say such words of themselves; returns the way to close their sessions. */
  take(isTheirs: (words: ClientWords) => boolean): () => Promise<void> {
    const sessions = [...this.open].filter(([, { server }]) => isTheirs(clientOf(server)));
    for (const [id] of sessions) this.open.delete(id);
    return async () => {
      await Promise.allSettled(sessions.map(([, { server }]) => server.close()));
    };
  }

  /** A client is there as long as it waits for something, be it only for news. */
  private noteWhile(response: ServerResponse, words: ClientWords): void {
    response.once('close', this.clients.enter(words).leave);
  }

  private async begin(): Promise<NodeStreamableHTTPServerTransport> {
    const server = toolServer(this.options, this.clients);
    const transport: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        this.open.set(id, { transport, server });
        const [oldest] = this.open;
        if (this.open.size <= MAX_SESSIONS || !oldest) return;
        this.open.delete(oldest[0]);
        void oldest[1].server.close();
      },
      onsessionclosed: (id) => void this.open.delete(id),
    });
    await server.connect(transport);
    return transport;
  }
}

/** Nobody gets the answer of a request whose connection is gone, so what it began is to stop as by a cancellation. */
function cancelWhenDropped(
  response: ServerResponse,
  transport: NodeStreamableHTTPServerTransport,
  body: unknown,
): void {
  response.once('close', () => {
    if (response.writableFinished) return;
    for (const message of Array.isArray(body) ? (body as unknown[]) : [body]) {
      const { id: requestId, method } = (message ?? {}) as { id?: string | number; method?: string };
      if (requestId === undefined || method === undefined) continue;
      transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
    }
  });
}
