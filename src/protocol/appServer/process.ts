import * as v from 'valibot';
import { method } from '../method';
import { maybe, nothing, u64 } from '../schemas';
import { processNotifications } from './notifications';
import { envChanges, integer, size } from './schemas';

const DEFAULT_CAP_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;
const NOT_ACTIVE = 'No active process of this handle';

/** See docs/protocol/app-server.md#processspawn; the answer is `{}`. */
export const spawn = method(
  'process/spawn',
  v.looseObject({
    command: v.array(v.string()),
    processHandle: v.string(),
    /** Absolute native path. */
    cwd: v.string(),
    tty: v.optional(v.boolean(), false),
    streamStdin: v.optional(v.boolean(), false),
    streamStdoutStderr: v.optional(v.boolean(), false),
    /** For each stream; `null` for no cap. */
    outputBytesCap: v.optional(v.nullable(u64), DEFAULT_CAP_BYTES),
    /** Milliseconds; `null` for no limit. */
    timeoutMs: v.optional(v.nullable(integer), DEFAULT_TIMEOUT_MS),
    env: maybe(envChanges),
    size: maybe(size),
  }),
  {
    page: 'app-server',
    summary:
      'Starts a process, which ends with the connection, and answers before its first notification. `cwd` is a native path, `env` is laid over that of the server.',
    result: nothing,
    errors: {
      invalidRequest:
        'No command, no handle, or a relative `cwd`; the handle is in use; 256 processes of this connection or 1,024 in all have not closed.',
      invalidParams: 'A size of 0 or without `tty`; a negative `timeoutMs`.',
      internal: 'The process cannot be started, in the words of the system.',
    },
    notifies: processNotifications,
  },
);

export const writeStdin = method(
  'process/writeStdin',
  v.looseObject({
    processHandle: v.string(),
    /** Decoded later: what is wrong with it has an error of its own. */
    deltaBase64: maybe(v.string()),
    closeStdin: v.optional(v.boolean(), false),
  }),
  {
    page: 'app-server',
    summary: 'Writes, then closes.',
    result: nothing,
    errors: {
      invalidRequest: `${NOT_ACTIVE}; its stdin is not streamed or closed.`,
      invalidParams: 'Neither of the two is given; no base64.',
      internal: 'The process takes no input any more.',
    },
  },
);

export const resizePty = method('process/resizePty', v.looseObject({ processHandle: v.string(), size }), {
  page: 'app-server',
  summary: 'A new size for a terminal.',
  result: nothing,
  errors: { invalidRequest: `${NOT_ACTIVE}, or no terminal.`, invalidParams: 'A size of 0.' },
});

export const kill = method('process/kill', v.looseObject({ processHandle: v.string() }), {
  page: 'app-server',
  summary: 'Kills the process group; may be repeated until the exit is reported. Answers at once.',
  result: nothing,
  errors: { invalidRequest: `${NOT_ACTIVE}.` },
});
