import type { HostProcess } from '../../backend';
import type { FileHandles, MissingWatches } from '../../../files';
import type { HttpStreams } from '../../../http';
import { invalidRequest, type EnvironmentInfo, type Method } from '../../../protocol';
import type { RawResult, RequestContext } from '../../../rpc';
import type { Session } from '../../sessions/session';
import { handler, type Handler, type Scheduling } from '../methods';
import type { PortConnections } from './portConnections';
import type { Waits } from './waits';

/** What a handler works with. */
export interface Call extends RequestContext {
  readonly session: Session;
  readonly environmentInfo: () => EnvironmentInfo;
  /** What belongs to this connection and ends with it. */
  readonly fileHandles: FileHandles;
  readonly missingWatches: MissingWatches;
  readonly httpStreams: HttpStreams;
  readonly waits: Waits;
  readonly portConnections: PortConnections;
}

/** The words for a method's family in errors before the handshake (docs/protocol/sessions.md#initialized). */
export type Family = 'exec' | 'filesystem' | 'environment info' | 'environment status' | 'http';

/** One wire method with its handler. */
export interface Route extends Handler<Call> {
  readonly family: Family;
}

/** What the method is declared to answer with, ready-made or not. */
export type Answer<Result> = Result | RawResult | Promise<Result | RawResult>;

/** Binds a declared method of `family` to its handler. */
export function route<Params, Result>(
  method: Method<Params, Result>,
  family: Family,
  handle: (params: Params, call: Call) => Answer<Result>,
  scheduling?: Scheduling,
): Route {
  return { ...handler<Params, Result | RawResult, Call>(method, handle, scheduling), family };
}

/** The process of this id, once it has been started. Rejects with RpcError -32600 for an unknown one. */
export async function findProcess(processId: string, { session }: Call): Promise<HostProcess> {
  const entry = await session.processes.findStarted(processId);
  if (!entry) throw invalidRequest(`unknown process id ${processId}`);
  if (!entry.process) throw invalidRequest(`process id ${processId} is starting`);
  return entry.process;
}
