import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

/** An answer that is an error, in the server's words. */
export class WireError extends Error {}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A client that can do what it takes to run one command, and is quick to load. */
export class WireClient {
  private lastId = 0;
  private readonly pending = new Map<
    number,
    { resolve: (result: Readonly<Record<string, unknown>>) => void; reject: (error: Error) => void }
  >();
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  /** @param notified called with each notification, in order */
  constructor(
    private readonly stream: Duplex,
    notified: (method: string, params: Readonly<Record<string, unknown>>) => void,
  ) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      const { id, method, params = {}, result = {}, error } = JSON.parse(line) as Message;
      if (method !== undefined) return notified(method, params);
      const waiting = this.pending.get(id ?? 0);
      this.pending.delete(id ?? 0);
      if (error) waiting?.reject(new WireError(error.message));
      else waiting?.resolve(result);
    });
    this.closed = new Promise((resolve) => stream.once('close', resolve));
    void this.closed.then(() => {
      for (const { reject } of this.pending.values()) reject(new Error('the window is gone'));
    });
    stream.on('error', () => stream.destroy());
    stream.resume();
  }

  /** Rejects with a WireError, or when the connection ends before the answer. */
  request(method: string, params: unknown): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.send({ id, method, params });
    });
  }

  notify(method: string): void {
    this.send({ method, params: {} });
  }

  private send(message: unknown): void {
    this.stream.write(`${JSON.stringify(message)}\n`);
  }
}
