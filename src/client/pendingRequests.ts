import { RpcError } from '../protocol';
import { MAX_OUTGOING_LENGTH } from './bounds';
import { DISCONNECTED, DisconnectedError } from './errors';

/**
 * What becomes of a call whose answer was lost with the connection. `repeat`: it goes out again, because doing it
 * twice is the same as once. `fail`: nobody knows whether it was done, so its caller is told. `wait`: somebody else
 * will find out and settle it.
 */
export type OnDisconnect = 'repeat' | 'fail' | 'wait';

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly ifLost: OnDisconnect;
  sent: boolean;
  isLost: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A call that was made: its answer, and a way to settle it without one. */
export interface PendingRequest {
  readonly answer: Promise<unknown>;
  /** It had gone out when its connection broke. */
  readonly isLost: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The calls of one client that have not been answered, in the order in which they were made. */
export class PendingRequests {
  private readonly open = new Map<number, Call>();
  private lastId = 0;

  /** Goes out at once if `send` is there, else with the next `resume`. */
  add(
    method: string,
    params: unknown,
    ifLost: OnDisconnect,
    send: ((text: string) => void) | undefined,
  ): PendingRequest {
    const id = ++this.lastId;
    let settle!: Pick<Call, 'resolve' | 'reject'>;
    const answer = new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
    const call: Call = { id, method, params, ifLost, sent: false, isLost: false, ...settle };
    this.open.set(id, call);
    if (send) this.go(call, send);
    return {
      answer,
      get isLost() {
        return call.isLost;
      },
      resolve: (result) => this.take(id)?.resolve(result),
      reject: (error) => this.take(id)?.reject(error),
    };
  }

  onResult(id: number, result: unknown): void {
    this.take(id)?.resolve(result);
  }

  onError(id: number, code: number, message: string): void {
    this.take(id)?.reject(new RpcError(code, message));
  }

  /** The connection is gone: calls whose effect nobody knows are answered so. */
  interrupt(): void {
    for (const call of this.open.values()) {
      call.isLost = call.sent;
      if (!call.isLost || call.ifLost !== 'fail') continue;
      this.open.delete(call.id);
      const text = `before the answer to ${call.method}; nobody knows whether it was done`;
      call.reject(new DisconnectedError(`${DISCONNECTED} ${text}`));
    }
  }

  /** There is a connection again. */
  resume(send: (text: string) => void): void {
    for (const call of this.open.values()) if (!call.sent || call.ifLost === 'repeat') this.go(call, send);
  }

  /** Every call ends. */
  fail(message: string): void {
    const calls = [...this.open.values()];
    this.open.clear();
    for (const call of calls) call.reject(new DisconnectedError(message));
  }

  private take(id: number): Call | undefined {
    const call = this.open.get(id);
    this.open.delete(id);
    return call;
  }

  private go(call: Call, send: (text: string) => void): void {
    call.sent = true;
    const { id, method, params } = call;
    const text = JSON.stringify({ id, method, params });
    if (text.length <= MAX_OUTGOING_LENGTH) return send(text);
    this.open.delete(id);
    call.reject(
      new RangeError(`${method} has ${text.length} characters; the limit is ${MAX_OUTGOING_LENGTH}`),
    );
  }
}
