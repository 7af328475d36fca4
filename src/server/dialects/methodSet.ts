import type { Method } from '../../protocol';
import type { RequestContext } from '../../rpc';
import type { Session } from '../session';

/** One method of a set, for one connection. */
export interface SetMethod {
  readonly lane: 'immediate' | 'ordinary';
  /** Decodes params (throws RpcError -32602); the result runs the method. */
  prepare(params: unknown): (session: Session, context: RequestContext) => unknown;
}

/** Methods that are known by their names, whatever the mode of the connection (PROTOCOL chapter 16). */
export interface MethodSet {
  /** Undefined for a method of others. */
  find(method: string): SetMethod | undefined;
  /** The connection has ended. */
  end(): void;
}

/** A declared method with its handler. */
export interface Handler<Call> {
  readonly name: string;
  readonly lane: SetMethod['lane'];
  prepare(params: unknown): (call: Call) => unknown;
}

/** Binds a declared method to its handler. */
export function handler<Params, Result, Call>(
  method: Method<Params, Result>,
  handle: (params: Params, call: Call) => Result | Promise<Result>,
  lane: SetMethod['lane'] = 'ordinary',
): Handler<Call> {
  return {
    name: method.name,
    lane,
    prepare(params) {
      const decoded = method.decode(params);
      return (call) => handle(decoded, call);
    },
  };
}
