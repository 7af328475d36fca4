import * as v from 'valibot';
import { method } from '../method';
import { maybe, u64 } from '../schemas';
import { envChanges, integer, size } from './schemas';

const DEFAULT_CAP_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;

/** PROTOCOL chapter 15.2; the answer is `{}`. */
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
);

export const writeStdin = method(
  'process/writeStdin',
  v.looseObject({
    processHandle: v.string(),
    /** Decoded later: what is wrong with it has an error of its own. */
    deltaBase64: maybe(v.string()),
    closeStdin: v.optional(v.boolean(), false),
  }),
);

export const resizePty = method('process/resizePty', v.looseObject({ processHandle: v.string(), size }));

export const kill = method('process/kill', v.looseObject({ processHandle: v.string() }));
