import type { Socket } from 'node:net';
import { LineSplitter } from '../../rpc';
import { messageOf } from '../../values';
import { drained, takeLines } from './lines';

/** The longest message that passes; the window takes no longer one. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const SERVER_ERROR = -32000;

export interface McpRelayOptions {
  /** Connects to the window there is now. Rejects with a sentence when there is none. */
  readonly connect: () => Promise<Socket>;
  /** To the client: one message without its line feed. */
  readonly write: (line: string) => void;
}

/** The members of a message that matter to a relay. */
interface Message {
  readonly id?: string | number;
  readonly method?: string;
}

/**
 * Carries the messages of one client to a window and back. When the window is reloaded or closed, what was asked is
 * answered with words, and the next request goes to the window that there is then: the client notices no more than that.
 */
export class McpRelay {
  private socket: Socket | undefined;
  private readonly fromClient = new LineSplitter(MAX_MESSAGE_BYTES);
  /** Requests of the client that are not answered. */
  private readonly asked = new Set<string | number>();
  /** What opened the session, for a window that does not know it. */
  private initialize: { readonly id: string | number; readonly line: string } | undefined;
  private initialized: string | undefined;

  constructor(private readonly options: McpRelayOptions) {}

  /** Connects. Rejects with a sentence. */
  async open(): Promise<void> {
    await this.window();
  }

  /** What the client has written, however it was cut; to be called one after the other. Rejects for what is too long. */
  async receive(chunk: Buffer): Promise<void> {
    for (const line of this.fromClient.push(chunk)) await this.forward(line.toString());
  }

  /** The client has ended. */
  end(): void {
    this.socket?.end();
  }

  private async forward(line: string): Promise<void> {
    const { id, method } = parse(line);
    try {
      const window = await this.window();
      if (id !== undefined && method !== undefined) this.asked.add(id);
      if (id !== undefined && method === 'initialize') this.initialize = { id, line };
      if (method === 'notifications/initialized') this.initialized = line;
      if (!window.write(`${line}\n`)) await drained(window);
    } catch (error) {
      if (id !== undefined && method !== undefined) this.fail(id, messageOf(error));
    }
  }

  private async window(): Promise<Socket> {
    if (this.socket) return this.socket;
    const socket = await this.options.connect();
    this.socket = socket;
    // The answer to what the client asked another window.
    let toDrop = this.initialize?.id;
    const take = (line: Buffer): void => {
      const text = line.toString();
      const { id, method } = parse(text);
      if (method === undefined && id !== undefined) {
        if (id === toDrop && !this.asked.has(id)) {
          toDrop = undefined;
          return;
        }
        this.asked.delete(id);
      }
      this.options.write(text);
    };
    if (this.initialize) socket.write(`${this.initialize.line}\n`);
    if (this.initialize && this.initialized !== undefined) socket.write(`${this.initialized}\n`);
    takeLines(socket, MAX_MESSAGE_BYTES, take, () => this.lost(socket));
    return socket;
  }

  private lost(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    const words =
      'The editor window was closed or reloaded, and with it what it ran. Call the tool again for the window that is open then; list_processes says what runs there.';
    for (const id of this.asked) this.fail(id, words);
  }

  private fail(id: string | number, message: string): void {
    this.asked.delete(id);
    this.options.write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: SERVER_ERROR, message } }));
  }
}

/** Empty for what is no message: the window says what is wrong with it. */
function parse(line: string): Message {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
