import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { LineSplitter } from '../../rpc';
import { isObject, messageOf } from '../../values';
import { Begun, type WireMessage } from './begun';
import { drained, takeLines } from './lines';

/** The most that a server can be told to take; what is too much for this one it says itself. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const SERVER_ERROR = -32000;
const GONE =
  'The editor window was closed or reloaded, or a person stopped or restarted its server or disconnected its agents. ' +
  'What ran there has ended; what is asked next goes to the window that is open then.';

export interface WireRelayOptions {
  /** Connects to the window there is; after a loss to the next one. Rejects with a sentence when there is none. */
  readonly connect: () => Promise<Socket>;
  /** To the client, which ends us by closing it. */
  readonly output: Writable;
  /** Nothing more can be carried. */
  readonly over: () => void;
}

/**
 * Carries the messages of one client to a window and back, as they are. When the window goes, the client is told
 * that what it had begun has ended, and its next request goes to the next window, in a new session: it goes on as if
 * only its processes had died. Of a client that opened no session of codex exec-server the end is the end.
 */
export class WireRelay {
  private socket: Socket | undefined;
  private readonly fromClient = new LineSplitter(MAX_MESSAGE_BYTES);
  private readonly begun = new Begun();
  /** What opened the session, for a window that does not know it. */
  private initialize: WireMessage | undefined;
  private initialized: Buffer | undefined;
  /** Requests until there is another window. */
  private held: { readonly message: WireMessage; readonly line: Buffer }[] = [];
  private reopening = false;
  private ended = false;

  constructor(private readonly options: WireRelayOptions) {
    options.output.on('drain', () => this.socket?.resume());
  }

  /** Connects. Rejects with a sentence. */
  async open(): Promise<void> {
    this.join(await this.options.connect());
  }

  /** What the client has written, however it was cut; to be called one after the other. Rejects for what is too long. */
  async receive(chunk: Buffer): Promise<void> {
    for (const line of this.fromClient.push(chunk)) {
      const message = parse(line);
      const { id, method, params } = message;
      if (method === 'initialize' && typeof params?.['clientName'] === 'string') this.initialize = message;
      if (method === 'initialized') this.initialized = line;
      const { socket } = this;
      if (socket) {
        if (!this.send(socket, message, line)) await drained(socket);
      } else if (id !== undefined) {
        // A notification means nothing to another window.
        this.held.push({ message, line });
        void this.reopen();
      }
    }
  }

  /** The client has ended. */
  end(): void {
    this.ended = true;
    if (this.socket) this.socket.end();
    else this.options.over();
  }

  private send(socket: Socket, message: WireMessage, line: Buffer): boolean {
    this.begun.sent(message);
    socket.write(line);
    return socket.write('\n');
  }

  private join(socket: Socket): void {
    this.socket = socket;
    takeLines(
      socket,
      MAX_MESSAGE_BYTES,
      (line) => this.take(line),
      () => this.lost(),
    );
  }

  private take(line: Buffer): void {
    const message = parse(line);
    const { id, method, error } = message;
    // The answer to what the client had asked another window.
    if (
      method === undefined &&
      id !== undefined &&
      id === this.initialize?.id &&
      !this.begun.isAnswer(message)
    ) {
      if (error !== undefined) this.options.over();
      return;
    }
    this.begun.told(message);
    const { output } = this.options;
    output.write(line);
    if (!output.write('\n')) this.socket?.pause();
  }

  private lost(): void {
    this.socket = undefined;
    if (this.ended || !this.initialized || !this.initialize) return this.options.over();
    for (const message of this.begun.end(GONE)) this.tell(message);
  }

  private async reopen(): Promise<void> {
    if (this.reopening) return;
    this.reopening = true;
    try {
      const socket = await this.options.connect();
      const { initialize } = this;
      const params = { ...initialize?.params, resumeSessionId: null };
      socket.write(`${JSON.stringify({ ...initialize, params })}\n`);
      socket.write(this.initialized ?? '');
      socket.write('\n');
      for (const { message, line } of this.held.splice(0)) this.send(socket, message, line);
      this.join(socket);
    } catch (error) {
      const said = { code: SERVER_ERROR, message: messageOf(error) };
      for (const { message } of this.held.splice(0)) this.tell({ id: message.id, error: said });
    } finally {
      this.reopening = false;
    }
  }

  private tell(message: object): void {
    this.options.output.write(`${JSON.stringify(message)}\n`);
  }
}

/** Empty for what is no message: the window says what is wrong with it. */
function parse(line: Buffer): WireMessage {
  try {
    const message: unknown = JSON.parse(line.toString());
    if (!isObject(message)) return {};
    return isObject(message['params'] ?? {}) ? message : { ...message, params: {} };
  } catch {
    return {};
  }
}
