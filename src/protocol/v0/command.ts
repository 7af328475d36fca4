import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { bytes, maybe, textMap } from '../schemas';
import { commandNotifications } from './notifications';

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
  {
    page: 'v0',
    summary:
      'Starts a process, which ends with the connection. `cwd` is a native path. Answers with `session-N`, counted per connection.',
    result: v.strictObject({ sessionId: v.string() }),
    errors: {
      invalidRequest: '256 processes of this connection or 1,024 in all have not closed.',
      invalidParams: 'No `argv`; a relative `cwd`.',
      internal: 'The process cannot be started, in the words of the system.',
    },
    notifies: commandNotifications,
  },
);
export type ExecResult = ResultOf<typeof exec>;

export const write = method('command/exec/write', v.looseObject({ sessionId: v.string(), chunk: bytes }), {
  page: 'v0',
  summary: 'Input for a terminal; without one, stdin is closed.',
  result: v.strictObject({ accepted: v.literal(true) }),
  errors: {
    invalidRequest: 'No session of this id; its stdin is closed.',
    internal: 'The process takes no input any more.',
  },
});

export const terminate = method('command/exec/terminate', v.looseObject({ sessionId: v.string() }), {
  page: 'v0',
  summary: 'Kills the process group. `running`: it had not exited. Answers at once.',
  result: v.strictObject({ running: v.boolean() }),
});
export type TerminateResult = ResultOf<typeof terminate>;
