import type { FileHandles, MissingWatches } from '../../../files';
import type { HttpStreams } from '../../../http';
import type { EnvironmentInfo, Method } from '../../../protocol';
import type { RawResult, RequestContext } from '../../../rpc';
import type { Session } from '../../session';
import type { Waits } from './waits';

/** What a handler works with. */
export interface Call extends RequestContext {
  readonly session: Session;
  readonly environmentInfo: () => EnvironmentInfo;
  /** Of this connection; they end with it. */
  readonly fileHandles: FileHandles;
  readonly missingWatches: MissingWatches;
  readonly httpStreams: HttpStreams;
  readonly waits: Waits;
}

/** The words for a method's family in errors before the handshake (PROTOCOL chapter 3.2). */
export type Family = 'exec' | 'filesystem' | 'environment info' | 'environment status' | 'http';

/** One wire method with its handler. */
export interface Route {
  readonly name: string;
  readonly family: Family;
  readonly lane: 'immediate' | 'ordinary';
  /** Decodes params (throws RpcError -32602); the result runs the handler. */
  prepare(params: unknown): (call: Call) => unknown;
}

/** What the method is declared to answer with, ready-made or not. */
export type Answer<Result> = Result | RawResult | Promise<Result | RawResult>;

/** Binds a declared method to its handler. */
export function route<Params, Result>(
  method: Method<Params, Result>,
  family: Family,
  handle: (params: Params, call: Call) => Answer<Result>,
  lane: Route['lane'] = 'ordinary',
): Route {
  return {
    name: method.name,
    family,
    lane,
    prepare(params) {
      const decoded = method.decode(params);
      return (call) => handle(decoded, call);
    },
  };
}
