import { SandboxRefusal } from '../sandbox';
import { messageOf } from '../values';
import type { ChildSink, RemoteChildHandle } from './child';
import type { ProcessTree } from './stop/processTree';
import type { NoStart } from './types';

const NOTHING: ProcessTree = {
  signal: () => undefined,
  search: () => Promise.resolve(),
  leaderExited: () => undefined,
  killGroup: () => Promise.resolve(),
  hangUp: () => undefined,
  alive: () => [],
  groupAlive: () => false,
};

/** Why a start was not possible, for people. */
export function noStartOf(error: unknown): NoStart {
  const reason = messageOf(error);
  if (error instanceof SandboxRefusal) return { why: 'sandbox', reason, remedy: error.remedy };
  return { why: 'failed', reason };
}

/** Stands for a child that never was, so that a start that came to nothing has its row like any other. */
export class Unstarted implements RemoteChildHandle {
  readonly pid = null;
  readonly farPid = null;
  readonly tree = NOTHING;
  readonly stdin = undefined;
  readonly resizable = false;

  constructor(
    readonly noStart: NoStart,
    readonly environmentId: string | null,
    readonly triedAt?: number,
  ) {}

  begin(sink: ChildSink): void {
    // Not before it is listed.
    queueMicrotask(() => sink.lost(this.noStart.reason));
  }

  pause(): void {
    // Nothing flows.
  }

  resume(): void {
    // Nothing flows.
  }

  closeStreams(): void {
    // There are none.
  }

  resize(): Promise<void> {
    return Promise.resolve();
  }

  interrupt(): Promise<void> {
    return Promise.resolve();
  }
}
