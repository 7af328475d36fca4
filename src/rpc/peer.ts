import { isUtf8 } from 'node:buffer';
import { ErrorCode } from '../protocol';
import { decodeMessage } from './decode';
import { encodeError, encodeResult, type Incoming, type RequestId } from './envelope';
import { describeFailure } from './failure';
import { Lanes } from './lanes';
import { ReplyRoom } from './replyRoom';
import { CloseCode, type Transport } from './transport';

type Request = Extract<Incoming, { kind: 'request' }>;

/** What a request is handled with. */
export interface RequestContext {
  /** Aborted when the connection ends; nobody gets the answer then. */
  readonly signal: AbortSignal;
  /** Largest reply in bytes; a larger one becomes an error. */
  readonly maxReplyBytes: number;
  /**
   * To be awaited before a large reply is made: resolves when the peer has read enough of what was sent. Never
   * resolves when the connection ends first.
   */
  readonly roomFor: (bytes: number) => Promise<void>;
  /** Runs `then` right after the reply has been handed to the transport; not if the request fails. */
  afterReply(then: () => void): void;
}

/** Answers what arrives. Requests are handed over in the order of their arrival. */
export interface PeerHandler {
  /** `immediate` requests wait for nothing; `ordinary` ones run side by side, bounded. */
  lane(method: string): 'immediate' | 'ordinary';
  /** May throw an RpcError; anything else that is thrown becomes -32603. */
  request(method: string, params: unknown, context: RequestContext): unknown;
  /** False for a notification that must not be sent here: the connection ends. */
  notification(method: string, params: unknown): boolean;
  /** Whether messages that make no sense are passed over instead of refused. */
  readonly isLenient?: boolean;
}

export interface PeerLimits {
  /** Ordinary requests that run at once. */
  readonly inFlight: number;
  /** Ordinary requests that wait for their turn; further ones are refused. */
  readonly queued: number;
  /** Bytes of the messages of all ordinary requests that have no answer yet; what comes then is refused. */
  readonly pendingBytes: number;
  /** No ordinary request starts while so many bytes are unsent. */
  readonly holdBytes: number;
  /** Nothing more is read from the peer while so many bytes are unsent. */
  readonly stopReadingBytes: number;
  /** Largest reply. */
  readonly messageBytes: number;
}

/** Speaks JSON-RPC over a transport (PROTOCOL chapters 2 and 4): every request is answered exactly once. */
export class Peer {
  private readonly ended = new AbortController();
  private readonly lanes: Lanes;
  private readonly room: ReplyRoom;
  /** Bytes of ordinary requests without an answer. */
  private pending = 0;
  private reading = true;

  constructor(
    private readonly transport: Transport,
    private readonly handler: PeerHandler,
    private readonly limits: PeerLimits,
  ) {
    this.lanes = new Lanes(limits.inFlight, limits.queued, () => transport.unsentBytes < limits.holdBytes);
    this.room = new ReplyRoom(() => transport.unsentBytes, limits.holdBytes);
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
    this.lanes.pump();
    this.room.pump();
    this.adjustReading();
  }

  /** To be called when the transport has ended: nothing is answered any more. */
  end(): void {
    this.ended.abort();
    this.lanes.clear();
    this.room.clear();
  }

  private dispatch({ id, method, params }: Request, bytes: number): void {
    if (this.handler.lane(method) === 'immediate') {
      void this.answer(id, method, params);
      return;
    }
    const { inFlight, queued, pendingBytes } = this.limits;
    if (this.pending > 0 && this.pending + bytes > pendingBytes) {
      this.refuse(
        id,
        `too many requests: those without an answer have ${pendingBytes} bytes, which is the limit`,
      );
      return;
    }
    const run = () => this.answer(id, method, params).finally(() => (this.pending -= bytes));
    this.pending += bytes;
    if (this.lanes.run(run)) return;
    this.pending -= bytes;
    this.refuse(id, `too many requests: ${inFlight} are running and ${queued} wait on this connection`);
  }

  /** Never rejects. Its first part, up to the handler's first wait, runs at once. */
  private async answer(id: RequestId, method: string, params: unknown): Promise<void> {
    const after: (() => void)[] = [];
    let reserved = 0;
    const context: RequestContext = {
      signal: this.ended.signal,
      maxReplyBytes: this.limits.messageBytes,
      roomFor: async (bytes) => {
        await this.room.take(bytes);
        reserved += bytes;
      },
      afterReply: (then) => void after.push(then),
    };
    try {
      const result = this.handler.request(method, params, context);
      const reply = encodeResult(id, result instanceof Promise ? await result : result);
      this.checkSize(reply);
      this.send(reply);
    } catch (error) {
      const { code, message } = describeFailure(error);
      this.send(encodeError(id, code, message));
      return;
    } finally {
      if (reserved > 0) this.room.give(reserved);
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
