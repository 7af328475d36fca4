/**
 * A TCP proxy between the agent and the server. It leaves the frames as they are, writes down every
 * message, and can cut the line. So it proves what ran through the server, and plays a bad network.
 */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameReader } from './frames';
import { parseObject, type JsonObject } from './json';
import { eventually } from './wait';

/** One message on the wire, and on which connection it went which way. */
export interface Message {
  connection: number;
  from: 'agent' | 'server';
  body: JsonObject;
}

const HEAD_END = '\r\n\r\n';

/** Calls `onHead` with the HTTP head, and `onBody` with everything after it. */
function splitHead(onHead: (head: string) => void, onBody: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let head: Buffer | undefined = Buffer.alloc(0);
  return (chunk) => {
    if (!head) return onBody(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) return;
    const rest = head.subarray(end + HEAD_END.length);
    onHead(head.subarray(0, end + HEAD_END.length).toString('latin1'));
    head = undefined;
    if (rest.length > 0) onBody(rest);
  };
}

/** Sends on what arrives, no faster than it is taken. */
function forward(from: Socket, to: Socket, chunk: Buffer): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

export class WireTap {
  /** All messages so far, in order of arrival here. */
  readonly messages: Message[] = [];
  /** Status lines of the answers to the upgrade requests. */
  readonly upgrades: string[] = [];
  /** The largest single frame that the server has sent. */
  largestFrame = 0;
  private connections = 0;
  private broken = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly target: URL,
    private readonly listener: Server,
  ) {}

  /** Starts listening in front of the server with this ws URL. */
  static async open(target: string): Promise<WireTap> {
    const listener = createServer();
    const tap = new WireTap(new URL(target), listener);
    listener.on('connection', (socket) => tap.take(socket));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  /** The URL for the agent: the server's, by way of this proxy. */
  get url(): string {
    const { port } = this.listener.address() as AddressInfo;
    return `ws://127.0.0.1:${String(port)}${this.target.pathname}${this.target.search}`;
  }

  /** Breaks all connections, and refuses new ones until `heal`. */
  cut(): void {
    this.broken = true;
    for (const socket of this.sockets) socket.destroy();
  }

  heal(): void {
    this.broken = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  /** Waits for a message that `fits`. */
  async seen(what: string, fits: (message: Message) => boolean): Promise<Message> {
    return eventually(`${what} on the wire`, () => this.messages.find(fits));
  }

  private take(agent: Socket): void {
    if (this.broken) {
      agent.destroy();
      return;
    }
    const connection = ++this.connections;
    const server = connect(Number(this.target.port), this.target.hostname.replace(/^\[|\]$/g, ''));
    this.join(agent, server);
    const hear = (from: Message['from']) =>
      new FrameReader((text) => this.messages.push({ connection, from, body: parseObject(text) }));
    const fromAgent = hear('agent');
    const fromServer = hear('server');
    const agentSent = splitHead(
      (head) => server.write(head.replace(/^host:.*$/im, `Host: ${this.target.host}`), 'latin1'),
      (chunk) => {
        fromAgent.push(chunk);
        forward(agent, server, chunk);
      },
    );
    const serverSent = splitHead(
      (head) => {
        this.upgrades.push(head.split('\r\n')[0] ?? '');
        agent.write(head, 'latin1');
      },
      (chunk) => {
        fromServer.push(chunk);
        this.largestFrame = Math.max(this.largestFrame, fromServer.largestFrame);
        forward(server, agent, chunk);
      },
    );
    agent.on('data', agentSent);
    server.on('data', serverSent);
  }

  /** The end of one side is the end of both. */
  private join(agent: Socket, server: Socket): void {
    for (const [socket, other] of [
      [agent, server],
      [server, agent],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('end', () => other.end());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroySoon();
      });
    }
  }
}
