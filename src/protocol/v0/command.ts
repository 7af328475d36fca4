import * as v from 'valibot';
import { method } from '../method';
import { bytes, maybe, textMap } from '../schemas';

/** What the early server called its protocol in the answer to `initialize`. */
export const PROTOCOL_VERSION = 'exec-server.v0';

export const exec = method(
  'command/exec',
  v.looseObject({
    argv: v.array(v.string()),
    /** Absolute native path. */
    cwd: v.string(),
    /** The whole environment. */
    env: textMap,
    tty: v.boolean(),
    arg0: maybe(v.string()),
  }),
);

export interface ExecResult {
  /** `session-N`, counted for each connection. */
  readonly sessionId: string;
}

export const write = method('command/exec/write', v.looseObject({ sessionId: v.string(), chunk: bytes }));

export const terminate = method('command/exec/terminate', v.looseObject({ sessionId: v.string() }));

export interface TerminateResult {
  /** It had not exited before this request. */
  readonly running: boolean;
}
