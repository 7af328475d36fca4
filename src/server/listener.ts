import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Access } from './auth/access';
import { isLoopbackAddress, judge, type GateAnswer, type Verdict } from './gate';
import { plainAnswer, RESPONSE_HEADERS } from './httpAnswer';
import type { ServerLimits } from './limits';

export interface ListenerOptions {
  /** An IP literal. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** What is asked of clients now. */
  readonly access: () => Access;
  readonly limits: ServerLimits;
  readonly accept: (socket: WebSocket, carrier: Duplex, peerName: string) => void;
}

/** Sockets that may be in their HTTP phase beside the accepted connections. */
const SPARE_SOCKETS = 64;

/** The HTTP server: every request passes the gate, then becomes a WebSocket or is answered. */
export class Listener {
  private readonly http: Server;
  private readonly sockets = new Set<Socket>();
  private readonly webSockets: WebSocketServer;
  private readonly handshakes = new WeakMap<Duplex, NodeJS.Timeout>();
  private upgraded = 0;

  private constructor(private readonly options: ListenerOptions) {
    const { limits } = options;
    this.webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
      // What is not UTF-8 is malformed, not the end of the connection (PROTOCOL chapter 2).
      skipUTF8Validation: true,
      handleProtocols: () => false,
    });
    this.http = createServer({ requireHostHeader: false, noDelay: true });
    this.http.maxConnections = limits.connections + SPARE_SOCKETS;
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
    this.handshakes.set(socket, timer);
    socket.once('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
    });
  }

  private judge(request: IncomingMessage): Promise<Verdict> {
    const { method = '', url = '', headers } = request;
    const remoteAddress = request.socket.remoteAddress;
    const isPublic = !isLoopbackAddress(this.options.host);
    const rules = { port: this.port, access: this.options.access(), isPublic };
    return judge({ remoteAddress, method, url, headers }, rules);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verdict = await this.judge(request);
    const { status, body, allow }: GateAnswer = verdict === 'upgrade' ? NOT_UPGRADED : verdict;
    response.writeHead(status, {
      ...RESPONSE_HEADERS,
      'content-length': Buffer.byteLength(body),
      ...(allow === undefined ? {} : { allow }),
    });
    response.end(body);
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const verdict = await this.judge(request);
    // Meanwhile the client may have gone, or the listener closed.
    if (socket.destroyed) return;
    const { connections } = this.options.limits;
    if (verdict !== 'upgrade') socket.end(plainAnswer(verdict));
    else if (this.upgraded >= connections) {
      socket.end(plainAnswer({ status: 503, body: `too many connections: the limit is ${connections}` }));
    } else this.accept(request, socket, head);
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgraded++;
    socket.once('close', () => this.upgraded--);
    clearTimeout(this.handshakes.get(socket));
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.options.accept(webSocket, socket, `${remoteAddress}:${remotePort}`);
    });
  }
}

const NOT_UPGRADED: GateAnswer = { status: 400, body: 'this is a WebSocket endpoint' };

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
