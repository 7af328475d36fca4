/** A line to a server that a test can break: cut, silent in one direction, or dead. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class BrokenLine {
  /** Connections that were cut while they were open at both ends. */
  cuts = 0;
  /** Connections that the client made. */
  accepted = 0;
  /** New connections are refused. */
  isDead = false;
  /** What goes in this direction vanishes: `up` is to the server. */
  swallows: 'up' | 'down' | undefined;
  /** Pieces that have vanished so. */
  swallowed = 0;
  /** Called with the bytes of each piece that came from the server. */
  passed: (bytes: number) => void = () => undefined;
  /** Connections that only the server still has. */
  private readonly left = new Set<Socket>();
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private server!: Server;

  private constructor(private readonly target: URL) {}

  static async to(url: string): Promise<BrokenLine> {
    const line = new BrokenLine(new URL(url));
    line.server = createServer((client) => line.accept(client)).listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  /** The server's URL by way of this line. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Whether a client is through to the server. */
  get isOpen(): boolean {
    return [...this.pairs].some(([, server]) => !server.connecting && !server.destroyed);
  }

  /** Breaks every connection, without a word to either end. */
  cut(): void {
    for (const [client, server] of this.pairs) {
      if (!server.connecting && !server.destroyed) this.cuts++;
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.pairs.clear();
  }

  /** Breaks every connection for the client only: the server does not notice. */
  leave(): void {
    for (const [client, server] of this.pairs) {
      this.left.add(server);
      client.resetAndDestroy();
    }
  }

  /** Now the server notices, too. */
  endLeft(): void {
    for (const server of this.left) server.destroy();
    this.left.clear();
  }

  close(): void {
    this.isDead = true;
    this.cut();
    this.endLeft();
    this.server.close();
  }

  private accept(client: Socket): void {
    if (this.isDead) return void client.resetAndDestroy();
    this.accepted++;
    const server = connect(Number(this.target.port), this.target.hostname);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    // The server looks at the port that the client means.
    client.once('data', (data) => {
      const own = new URL(this.url).host;
      server.write(data.toString('latin1').replace(`Host: ${own}`, `Host: ${this.target.host}`), 'latin1');
      client.on('data', (more) => {
        if (this.swallows === 'up') this.swallowed++;
        else if (!server.write(more)) client.pause();
      });
    });
    server.on('data', (data) => {
      if (this.swallows === 'down') this.swallowed++;
      else if (!client.write(data)) server.pause();
      this.passed(data.length);
    });
    client.on('drain', () => server.resume());
    server.on('drain', () => client.resume());
    for (const [one, other] of [pair, [server, client] as const]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.pairs.delete(pair);
        if (!this.left.has(other)) other.destroy();
      });
    }
  }
}
