import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { comesFromInside } from '../../environment';
import { MemoryShare, type Memory } from '../../rpc';
import type { Access } from '../auth/access';
import { isLoopbackAddress, authorize, type GateAnswer, type Decision } from './gate';
import type { HttpDoor } from './httpDoor';
import { plainAnswer, RESPONSE_HEADERS } from './httpAnswer';
import { namingSocket } from './namingSocket';
import type { ServerLimits } from '../limits';

export interface ListenerOptions {
  /** An IP literal. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** What is asked of clients now. */
  readonly access: () => Access;
  readonly limits: ServerLimits;
  /** Other protocols on this port. */
  readonly doors: readonly HttpDoor[];
  /** Counts what requests of other protocols make the server hold. */
  readonly memory: Memory;
  /** Told of each request that the gate has answered itself. */
  readonly judged: (status: number, peer: string) => void;
  readonly accept: (socket: WebSocket, carrier: Duplex, peerName: string) => void;
}

/** Sockets that may be in their HTTP phase beside the accepted connections; the oldest makes room for a new one. */
const MAX_PENDING_SOCKETS = 64;

/** Requests of other protocols that may be under way; a client has some that stay open. */
const MAX_DOOR_REQUESTS = 512;

/** The HTTP server: every request passes the gate, then becomes a WebSocket or is answered. */
export class Listener {
  private readonly http: Server;
  private readonly sockets = new Set<Socket>();
  private readonly webSockets: WebSocketServer;
  /** Those in their HTTP phase and the timers that end it, oldest first. */
  private readonly pending = new Map<Duplex, NodeJS.Timeout>();
  private upgraded = 0;
  /** Requests of doors that are not answered yet. */
  private entered = 0;

  private constructor(private readonly options: ListenerOptions) {
    const { limits } = options;
    this.webSockets = new WebSocketServer({
      noServer: true,
      WebSocket: namingSocket(limits),
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
      maxFragments: limits.messageFragments,
      maxBufferedChunks: limits.messagePieces,
      // The transport answers pings itself.
      autoPong: false,
      // What is not UTF-8 is malformed, not the end of the connection (docs/protocol/messages.md#malformed).
      skipUTF8Validation: true,
      handleProtocols: () => false,
    });
    this.http = createServer({ requireHostHeader: false, noDelay: true });
    // By default Node drops what comes after 2,000 fields, an `Origin` among them; their bytes are bounded anyway.
    this.http.maxHeadersCount = 0;
    this.http.on('connection', (socket) => this.greet(socket));
    this.http.on('request', (request, response) => void this.answer(request, response));
    this.http.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  /** Rejects with a sentence that names the port and the way out when it cannot listen. */
  static async listen(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    const { http } = listener;
    await new Promise<void>((resolve, reject) => {
      http.once('error', (error) => reject(listenError(error, options)));
      http.listen({ host: options.host, port: options.port, exclusive: true }, resolve);
    });
    return listener;
  }

  get port(): number {
    return (this.http.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Takes no new connections and drops every socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private greet(socket: Socket): void {
    this.sockets.add(socket);
    const timer = setTimeout(() => socket.destroy(), this.options.limits.httpHandshakeMs);
    this.pending.set(socket, timer);
    socket.once('close', () => {
      this.leavePending(socket);
      this.sockets.delete(socket);
    });
    const [oldest] = this.pending.keys();
    // Else anybody on this machine could keep out those who have the token, by sockets that say nothing.
    if (this.pending.size > MAX_PENDING_SOCKETS) oldest?.destroy();
  }

  private leavePending(socket: Duplex): void {
    clearTimeout(this.pending.get(socket));
    this.pending.delete(socket);
  }

  private async judge(request: IncomingMessage): Promise<Decision> {
    const { method = '', url = '', headersDistinct: headers } = request;
    const { remoteAddress, remotePort } = request.socket;
    const isPublic = !isLoopbackAddress(this.options.host);
    const doors = this.options.doors.map((door) => door.path);
    const rules = { port: this.port, access: this.options.access(), isPublic, doors };
    const verdict = await authorize({ remoteAddress, method, url, headers }, rules);
    if (typeof verdict !== 'string') this.options.judged(verdict.status, peerOf(request));
    // Whoever has the token, but is in a sandbox, would be outside of it here.
    const isWelcome = verdict === 'upgrade' || verdict === 'door';
    // The time for its request is over; how long it takes to look at it is our affair.
    if (isWelcome) this.leavePending(request.socket);
    const isInside = isWelcome && (await comesFromInside({ ours: this.port, peer: remotePort ?? 0 }));
    if (isInside) this.options.judged(INSIDE.status, peerOf(request));
    return isInside ? INSIDE : verdict;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verdict = await this.judge(request);
    if (verdict === 'door') return this.enter(request, response);
    const { status, body, allow }: GateAnswer = verdict === 'upgrade' ? NOT_UPGRADED : verdict;
    response.writeHead(status, {
      ...RESPONSE_HEADERS,
      'content-length': Buffer.byteLength(body),
      ...(allow === undefined ? {} : { allow }),
    });
    response.end(body);
  }

  /** Hands a request over to its protocol: from then on that decides how long it lasts. */
  private async enter(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const door = this.options.doors.find(({ path }) => path === request.url?.replace(/[?#].*$/s, ''));
    if (this.entered >= MAX_DOOR_REQUESTS || !door) {
      response.writeHead(503, RESPONSE_HEADERS).end(`too many requests: the limit is ${MAX_DOOR_REQUESTS}`);
      return;
    }
    this.entered++;
    const share = new MemoryShare(this.options.memory);
    response.once('close', () => {
      this.entered--;
      share[Symbol.dispose]();
    });
    await door.handle(request, response, (bytes) => share.add(bytes));
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const verdict = await this.judge(request);
    // Meanwhile the client may have gone, or the listener closed.
    if (socket.destroyed) return;
    const { connections } = this.options.limits;
    if (verdict === 'door') socket.end(plainAnswer(NO_UPGRADE));
    else if (verdict !== 'upgrade') socket.end(plainAnswer(verdict));
    else if (this.upgraded >= connections) {
      socket.end(plainAnswer({ status: 503, body: `too many connections: the limit is ${connections}` }));
    } else this.accept(request, socket, head);
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgraded++;
    socket.once('close', () => this.upgraded--);
    const peer = peerOf(request);
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.options.accept(webSocket, socket, peer);
    });
  }
}

const INSIDE: GateAnswer = {
  status: 403,
  body: 'a sandboxed command may not connect: it would be outside here',
};
const NO_UPGRADE: GateAnswer = { status: 400, body: 'this is no WebSocket endpoint' };
const NOT_UPGRADED: GateAnswer = { status: 400, body: 'this is a WebSocket endpoint' };

function peerOf({ socket }: IncomingMessage): string {
  return `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ListenerOptions): Error {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} on ${host} is already in use. Choose another port, or 0 for any free one.`,
    );
  }
  if (error.code === 'EACCES') {
    return new Error(
      `Port ${port} on ${host} needs more rights. Choose a port above 1023, or 0 for any free one.`,
    );
  }
  return new Error(`Can't listen on ${where}: ${error.message}`);
}
