import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess, ProcessOwner } from '../environment';
import { messageOf } from '../values';
import type { Mcp } from './mcp';
import type { McpClient } from './mcp/clients';
import { OWNER_PREFIX } from './mcp/prefix';
import { callTool, type ToolAnswer } from './tools/call';
import { INSTRUCTIONS, TOOLS } from './tools/table';
import type { ToolHost } from './tools/tool';

/** Between asking processes to end and forcing them, in ms. */
const GRACE_MS = 1000;
/** For the answers of calls whose command has ended, in ms. */
const ANSWER_MS = 500;

/** The tools by the Model Context Protocol, on a path of the server's port. The protocol is loaded at the first request. */
export class McpDoor {
  readonly path = '/mcp';
  private loaded: Promise<Mcp> | undefined;
  private current: Mcp | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly host: ToolHost,
    private readonly version: string,
  ) {}

  get clients(): readonly McpClient[] {
    return this.current?.connected ?? [];
  }

  /** Calls `listener` when `clients` has changed; returns the way to stop. */
  onDidChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Answers a request that has passed the gate. Never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    hold: (bytes: number) => void,
  ): Promise<void> {
    try {
      await (await this.protocol()).handle(request, response, hold);
    } catch (error) {
      response.writeHead(500).end(messageOf(error));
    }
  }

  /**
   * Serves a client on a stream that nobody but this person can have opened, one message a line.
   *
   * @param peer who it is; the same for one that comes again
   */
  acceptStream(stream: Duplex, peer: string): void {
    void this.protocol().then(
      (mcp) => mcp.accept(stream, peer),
      (error: unknown) => stream.destroy(error instanceof Error ? error : undefined),
    );
  }

  /** Ends the connection of a client and what it runs, by the ladder; without effect on others. */
  async disconnect(id: string): Promise<void> {
    const close = this.current?.forget(id);
    const own = (process: Pick<ManagedProcess, 'owner'>): boolean => process.owner.id === id;
    // First, and with time for calls that wait for one: a client may wait long for an answer that was cut off.
    if (await this.stop(own, 'person')) await sleep(ANSWER_MS);
    await close?.();
  }

  /** Forgets all clients and ends what they run, by the ladder. The next request begins anew. */
  async end(): Promise<void> {
    const { current } = this;
    this.loaded = undefined;
    this.current = undefined;
    const ended = this.stop(() => true, 'shutdown');
    await Promise.all([current?.close(), ended]);
  }

  /** Whether there was anything. */
  private async stop(
    fits: (process: Pick<ManagedProcess, 'owner'>) => boolean,
    by: 'person' | 'shutdown',
  ): Promise<boolean> {
    const { hub } = this.host;
    const stop = { from: 'terminate', graceMs: GRACE_MS, by } as const;
    const own = hub.list().filter((process) => process.owner.id.startsWith(OWNER_PREFIX) && fits(process));
    await Promise.all(own.map(({ id }) => hub.stop(id, stop)));
    return own.length > 0;
  }

  private protocol(): Promise<Mcp> {
    this.loaded ??= this.load().catch((error: unknown) => {
      this.loaded = undefined;
      throw error;
    });
    return this.loaded;
  }

  private async load(): Promise<Mcp> {
    const protocol = await import('./mcp');
    const { host, version } = this;
    const call = (
      name: string,
      input: unknown,
      caller: ProcessOwner,
      signal: AbortSignal,
    ): Promise<ToolAnswer> => callTool(TOOLS, name, input, { host, caller, signal });
    const mcp = new protocol.Mcp({ tools: TOOLS, instructions: INSTRUCTIONS, version, call }, () => {
      for (const listener of this.listeners) listener();
    });
    this.current = mcp;
    return mcp;
  }
}
