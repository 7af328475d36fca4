import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport, type StdioServerHandle } from '@modelcontextprotocol/server/stdio';
import { answerError } from './answer';
import { BodyError, readJson } from './body';
import { McpClients, ownerOf, type McpClient } from './clients';
import type { McpOptions } from './options';
import { McpSessions } from './sessions';
import { clientOf, toolServer } from './toolServer';
import { messageOf } from '../../values';

/** The longest message on a stream: up to here, what is longer than its tool takes is refused in words. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** The protocol, in both of its forms: with sessions, and since 2026-07-28 without. */
export class Mcp {
  private readonly clients: McpClients;
  private readonly sessions: McpSessions;
  private readonly streams = new Map<StdioServerHandle, { readonly stream: Duplex; readonly peer: string }>();
  private readonly sessionless: ReturnType<typeof createMcpHandler>;

  /** @param changed called when `connected` has changed */
  constructor(
    private readonly options: McpOptions,
    changed: () => void,
  ) {
    this.clients = new McpClients(changed);
    this.sessions = new McpSessions(options, this.clients);
    this.sessionless = createMcpHandler(() => toolServer(options, this.clients), { legacy: 'reject' });
  }

  get connected(): readonly McpClient[] {
    return this.clients.list;
  }

  /**
   * Answers one request that has passed the gate. Never rejects.
   *
   * @param hold counts bytes as held; throws where there is no room
   */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    hold: (bytes: number) => void,
  ): Promise<void> {
    try {
      await this.route(request, response, hold);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof BodyError) answerError(response, error.httpStatus, error.code, error.message);
      else answerError(response, 500, -32603, messageOf(error));
    }
  }

  /** Serves a client on a stream of its own, one message a line. */
  accept(stream: Duplex, peer: string): void {
    const transport = new StdioServerTransport(stream, stream, {
      maxBufferSize: MAX_MESSAGE_BYTES,
    });
    let leave: (() => void) | undefined;
    const handle = serveStdio(
      () => {
        const made = toolServer(this.options, this.clients, peer);
        made.server.oninitialized = () => (leave ??= this.clients.enter(clientOf(made), peer).leave);
        return made;
      },
      { transport },
    );
    this.streams.set(handle, { stream, peer });
    stream.once('close', () => {
      this.streams.delete(handle);
      leave?.();
      void handle.close();
    });
    stream.once('end', () => stream.end());
    // It may be paused, and listening alone does not end that.
    stream.resume();
  }

  /** Forgets a client, which may come again; returns the way to end the sessions and streams that it has now. */
  forget(id: string): () => Promise<void> {
    const instance = this.clients.forget(id);
    const streams = [...this.streams.values()].filter(({ peer }) => peer === instance);
    const closeSessions = this.sessions.take((words) => ownerOf(words).id === id);
    return async () => {
      for (const { stream } of streams) stream.destroy();
      await closeSessions();
    };
  }

  async close(): Promise<void> {
    this.clients.clear();
    const streams = [...this.streams.keys()].map((handle) => handle.close());
    await Promise.allSettled([this.sessions.take(() => true)(), this.sessionless.close(), ...streams]);
  }

  private async route(
    request: IncomingMessage,
    response: ServerResponse,
    hold: (bytes: number) => void,
  ): Promise<void> {
    const body = request.method === 'POST' ? await readJson(request, hold) : undefined;
    const isLegacy =
      request.headers['mcp-session-id'] !== undefined ||
      request.method !== 'POST' ||
      (await isLegacyRequest(await toWebRequest(request as never, body), body));
    if (isLegacy) return this.sessions.handle(request, response, body);
    return toNodeHandler(this.sessionless)(request as never, response, body);
  }
}
