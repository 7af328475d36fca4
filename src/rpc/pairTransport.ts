import type { Transport, TransportEvents } from './transport';

/** RFC 6455's code for an end that nobody minds, so that the end of any transport reads alike. */
const NORMAL = 1000;

/** One end of a pair of transports within this process; what one sends the other receives, in a later turn. */
class PairEnd implements Transport {
  readonly malformedPrefix = 'failed to parse JSON-RPC message from exec-server connection';
  other!: PairEnd;
  private readonly incoming: Buffer[] = [];
  private incomingBytes = 0;
  private events: TransportEvents | undefined;
  private reading = true;
  private ended = false;
  private scheduled = false;

  constructor(readonly peerName: string) {}

  /** To be called once, before anything is sent. */
  begin(events: TransportEvents): this {
    this.events = events;
    return this;
  }

  get unsentBytes(): number {
    return this.other.incomingBytes;
  }

  send(message: string | Buffer): void {
    if (this.ended) return;
    const data = typeof message === 'string' ? Buffer.from(message) : message;
    this.other.incoming.push(data);
    this.other.incomingBytes += data.length;
    this.other.schedule();
  }

  setReading(reading: boolean): void {
    this.reading = reading;
    if (reading) this.schedule();
  }

  /** What was sent before arrives at the other end first. */
  close(code: number, reason: string): void {
    if (this.ended) return;
    this.end(code, reason);
    setImmediate(() => this.other.finish(NORMAL, reason));
  }

  private schedule(): void {
    if (this.scheduled || this.ended) return;
    this.scheduled = true;
    setImmediate(() => this.deliver());
  }

  private deliver(): void {
    this.scheduled = false;
    const count = this.incoming.length;
    for (let index = 0; index < count && this.reading && !this.ended; index++) this.deliverOne();
    if (count > 0) this.other.drained();
    if (this.reading && this.incoming.length > 0) this.schedule();
  }

  private deliverOne(): void {
    const data = this.incoming.shift();
    if (!data) return;
    this.incomingBytes -= data.length;
    this.events?.message(data);
  }

  private drained(): void {
    if (!this.ended) this.events?.drained();
  }

  private finish(code: number, reason: string): void {
    this.reading = true;
    while (this.incoming.length > 0 && !this.ended) this.deliverOne();
    this.end(code, reason);
  }

  private end(code: number, reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.incoming.length = 0;
    this.incomingBytes = 0;
    this.events?.closed(code, reason);
  }
}

/** An end that takes its owner's events and is a transport from then on. */
export interface PairHalf {
  begin(events: TransportEvents): Transport;
}

/** Two transports that are each other's peer, for a client and a server in one process. */
export function transportPair(firstName: string, secondName: string): readonly [PairHalf, PairHalf] {
  const first = new PairEnd(secondName);
  const second = new PairEnd(firstName);
  first.other = second;
  second.other = first;
  return [first, second];
}
