import type { Method } from '../../protocol';
import type { PeerMethod, RequestContext, RequestOrder } from '../../rpc';

/** What the handler of a declared method answers with, at once or later. */
export type Answer<Result> = Result | Promise<Result>;

/** How a request stands to the others of its connection. */
export interface Scheduling {
  /** `control` requests wait for nothing; `normal` when absent. */
  readonly priority?: 'control' | 'normal';
  /** Absent where nothing of it depends on other requests. */
  readonly order?: RequestOrder;
  /** The member of params that names what it is about: while a request about it waits, `control` is `normal`. */
  readonly about?: string;
}

/** A declared method with its handler, for any connection. */
export interface Handler<Call> extends Scheduling {
  readonly name: string;
  /** Decodes params (throws RpcError -32602); the result runs the handler. */
  prepare(params: unknown): (call: Call) => unknown;
}

/** One method of one connection. */
export type BoundMethod = PeerMethod;

/** All methods that a connection answers, by their names. */
export type MethodMap = ReadonlyMap<string, BoundMethod>;

/** Binds a declared method to its handler. */
export function handler<Params, Result, Call>(
  method: Method<Params, Result>,
  handle: (params: Params, call: Call) => Answer<Result>,
  scheduling: Scheduling = {},
): Handler<Call> {
  return {
    ...scheduling,
    name: method.name,
    prepare(params) {
      const decoded = method.decode(params);
      return (call) => handle(decoded, call);
    },
  };
}

/**
 * Binds handlers to a connection.
 *
 * @param call makes what a handler works with, after its params were decoded; throws where the client may not call it
 */
export function bind<Call, More>(
  handlers: readonly (Handler<Call> & More)[],
  call: (context: RequestContext, handler: Handler<Call> & More) => Call,
): [string, BoundMethod][] {
  return handlers.map((handler) => {
    const { name, priority = 'normal', order, about } = handler;
    const run: BoundMethod['run'] = (params, context) => {
      const handle = handler.prepare(params);
      return handle(call(context, handler));
    };
    return [name, { priority, order, about, run }];
  });
}
