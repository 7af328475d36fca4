import { isUtf8 } from 'node:buffer';
import { ErrorCode } from '../protocol';
import { messageOf } from '../values';
import { decodeMessage } from './decode';
import { encodeError, encodeResult, type Incoming, type RequestId } from './envelope';
import { MemoryShare, OWN_BYTES, type Memory } from './memory';
import { RequestQueue, type RequestOrder } from './requestQueue';
import { ReplyBudget } from './replyBudget';
import { CloseCode, type Transport } from './transport';
import { UnderWay } from './underWay';

type Request = Extract<Incoming, { kind: 'request' }>;

/** What a request is handled with. */
export interface RequestContext {
  /** Aborted when the connection ends; nobody gets the answer then. */
  readonly signal: AbortSignal;
  /** Largest reply in bytes; a larger one becomes an error. */
  readonly maxReplyBytes: number;
  /**
   * To be awaited before a large reply is made: resolves when the peer has read enough of what was sent, and others
   * of theirs. Rejects when that takes very long; never settles when the connection ends first.
   */
  readonly reserveReply: (bytes: number) => Promise<void>;
  /** Runs `then` right after the reply has been handed to the transport; not if the request fails. */
  readonly afterReply: (then: () => void) => void;
}

/** One method of a peer, as its handler knows it. */
export interface PeerMethod {
  /** `control` requests wait for nothing; `normal` ones run side by side, bounded. */
  readonly priority: 'control' | 'normal';
  /** Absent where nothing of it depends on other requests. */
  readonly order?: RequestOrder | undefined;
  /**
   * The member of params that names what it is about. While a request about the same has no answer yet, a control request
   * is a normal one.
   */
  readonly about?: string | undefined;
  /** May throw, and may answer later. */
  run(params: unknown, context: RequestContext): unknown;
}

/** Answers what arrives. Requests are handed over in the order of their arrival. */
export interface PeerHandler {
  /** Called once for a request. An unknown method gets one that throws its refusal. */
  find(method: string): PeerMethod;
  /** The error that a client is told for whatever a method threw. */
  describe(error: unknown): {
    readonly code: number;
    readonly message: string;
    readonly data?: object | undefined;
  };
  /** False for a notification that must not be sent here: the connection ends. */
  notification(method: string, params: unknown): boolean;
  /** Whether messages that make no sense are passed over instead of refused. */
  readonly isLenient?: boolean;
}

export interface PeerLimits {
  /** Normal requests that run at once. */
  readonly inFlight: number;
  /** Normal requests that wait for their turn; further ones are refused. */
  readonly queued: number;
  /** No normal request starts while so many bytes are unsent. */
  readonly holdBytes: number;
  /** Nothing more is read from the peer while so many bytes are unsent. */
  readonly stopReadingBytes: number;
  /** Largest reply. */
  readonly messageBytes: number;
}

/** A control request of at most so many bytes is never refused for its size. */
const SMALL_BYTES = 4096;

/**
 * Speaks JSON-RPC over a transport (docs/protocol/messages.md#envelope, docs/protocol/order.md#requests):
 * every request is answered exactly once.
 */
export class Peer {
  private readonly ended = new AbortController();
  private readonly queue: RequestQueue;
  private readonly room: ReplyBudget;
  /** The messages of requests without an answer. */
  private readonly pending: MemoryShare;
  private readonly underWay = new UnderWay();
  private readonly leave: () => void;
  private reading = true;

  /** @param memory counts the messages of requests without an answer, replies that are made, and those that are unsent */
  constructor(
    private readonly transport: Transport,
    private readonly handler: PeerHandler,
    private readonly limits: PeerLimits,
    memory: Memory,
  ) {
    const { inFlight, queued, holdBytes } = limits;
    this.queue = new RequestQueue(
      inFlight,
      queued,
      () => transport.unsentBytes < (memory.isFull ? Math.min(OWN_BYTES, holdBytes) : holdBytes),
    );
    this.room = new ReplyBudget(() => transport.unsentBytes, holdBytes, memory);
    this.pending = new MemoryShare(memory);
    this.leave = memory.onRoom(() => this.queue.pump());
  }

  /** Takes one message from the transport. */
  receive(data: Buffer): void {
    if (this.ended.signal.aborted) return;
    const message = isUtf8(data)
      ? decodeMessage(data.toString())
      : ({ kind: 'malformed', detail: 'invalid UTF-8' } as const);
    const { kind } = message;
    if (this.handler.isLenient && kind !== 'request' && kind !== 'notification') return;
    switch (message.kind) {
      case 'request':
        this.dispatch(message, data.length);
        break;
      case 'notification':
        if (!this.handler.notification(message.method, message.params))
          this.violation('unexpected notification');
        break;
      case 'malformed':
        this.refuse(-1, `${this.transport.malformedPrefix}: ${message.detail}`);
        break;
      case 'response':
      case 'error':
        this.violation(`unexpected ${message.kind}`);
    }
  }

  /** To be called whenever the transport has got rid of something. */
  drained(): void {
    this.queue.pump();
    this.room.pump();
    this.adjustReading();
  }

  /** To be called when the transport has ended: nothing is answered any more. */
  end(): void {
    this.ended.abort();
    this.queue.clear();
    this.room.clear();
    this.pending[Symbol.dispose]();
    this.leave();
  }

  private dispatch({ id, method, params }: Request, bytes: number): void {
    const found = this.handler.find(method);
    const key = UnderWay.keyOf(found, params);
    const isControl = found.priority === 'control' && !this.underWay.has(key);
    // Who is short of memory must still be able to stop what uses it up.
    const counted = isControl && bytes <= SMALL_BYTES ? 0 : bytes;
    try {
      this.pending.add(counted);
    } catch (error) {
      this.refuse(id, `too many requests: ${messageOf(error)}`);
      return;
    }
    this.underWay.add(key);
    const run = () => this.answer(id, found, params, counted, key);
    if (isControl) void run();
    else if (!this.queue.run(run, found.order)) {
      this.pending.remove(counted);
      this.underWay.remove(key);
      const { inFlight, queued } = this.limits;
      this.refuse(id, `too many requests: ${inFlight} are running and ${queued} wait on this connection`);
    }
  }

  /**
   * Never rejects. Its first part, up to the handler's first wait, runs at once.
   *
   * @param counted bytes of `pending` that are given back with the answer
   * @param key what of `underWay` ends with the answer
   */
  private async answer(
    id: RequestId,
    method: PeerMethod,
    params: unknown,
    counted: number,
    key: string | undefined,
  ): Promise<void> {
    const after: (() => void)[] = [];
    let reserved = 0;
    const context: RequestContext = {
      signal: this.ended.signal,
      maxReplyBytes: this.limits.messageBytes,
      reserveReply: async (bytes) => {
        await this.room.reserve(bytes);
        reserved += bytes;
      },
      afterReply: (then) => void after.push(then),
    };
    try {
      const result = method.run(params, context);
      const reply = encodeResult(id, result instanceof Promise ? await result : result);
      this.checkSize(reply);
      this.send(reply);
    } catch (error) {
      const { code, message, data } = this.handler.describe(error);
      this.send(encodeError(id, code, message, data));
      return;
    } finally {
      if (reserved > 0) this.room.release(reserved);
      this.pending.remove(counted);
      this.underWay.remove(key);
    }
    for (const then of after) then();
  }

  private checkSize(reply: string | Buffer): void {
    if (reply.length > this.limits.messageBytes) {
      throw new RangeError(`the reply has ${reply.length} bytes; the limit is ${this.limits.messageBytes}`);
    }
  }

  private send(message: string | Buffer): void {
    if (this.ended.signal.aborted) return;
    this.transport.send(message);
    this.room.pump();
    this.adjustReading();
  }

  private refuse(id: RequestId, message: string): void {
    this.send(encodeError(id, ErrorCode.invalidRequest, message));
  }

  private violation(reason: string): void {
    this.transport.close(CloseCode.protocolError, reason);
    this.end();
  }

  /** A peer that sends on and never reads would otherwise fill our memory with answers. */
  private adjustReading(): void {
    const { stopReadingBytes } = this.limits;
    const threshold = this.reading ? stopReadingBytes : stopReadingBytes / 2;
    const reading = this.transport.unsentBytes < threshold;
    if (reading === this.reading || this.ended.signal.aborted) return;
    this.reading = reading;
    this.transport.setReading(reading);
  }
}
