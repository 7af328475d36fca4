import * as v from 'valibot';
import { Vague } from '../issueText';
import { method } from '../method';
import { bytes, maybe, pathUri, textMap, u64 } from '../schemas';
import { onProcess } from './processName';
import { terminalSize } from './terminalSize';

const UUID = /^(urn:uuid:)?\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;

const envPolicy = v.looseObject({
  inherit: v.picklist(['all', 'core', 'none']),
  ignoreDefaultExcludes: v.boolean(),
  exclude: v.array(v.string()),
  set: textMap,
  includeOnly: v.array(v.string()),
});

const metadata = v.looseObject({
  threadId: maybe(v.pipe(v.string(), v.regex(UUID, Vague.uuid))),
  toolCallId: maybe(v.string()),
});

/** PROTOCOL chapter 5. */
export const start = method(
  'process/start',
  onProcess({
    argv: v.array(v.string()),
    cwd: pathUri,
    env: textMap,
    tty: v.boolean(),
    /** Chapter 17; for terminals. */
    size: maybe(v.looseObject(terminalSize)),
    envPolicy: maybe(envPolicy),
    pipeStdin: v.optional(v.boolean(), false),
    arg0: maybe(v.string()),
    sandbox: v.optional(v.unknown()),
    enforceManagedNetwork: v.optional(v.boolean(), false),
    networkProxy: v.optional(v.unknown()),
    metadata: maybe(metadata),
  }),
);

export interface StartResult {
  readonly processId: string;
  readonly sandboxType: 'none';
}

/** PROTOCOL chapter 7. */
export const read = method(
  'process/read',
  v.looseObject({
    processId: v.string(),
    afterSeq: maybe(u64),
    maxBytes: maybe(u64),
    /** Milliseconds. */
    waitMs: maybe(u64),
  }),
);

export interface ReadReply {
  readonly chunks: readonly { readonly seq: number; readonly stream: string; readonly chunk: string }[];
  readonly nextSeq: number;
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
  readonly failure: string | null;
  readonly sandboxDenied: boolean;
}

/** PROTOCOL chapter 8. */
export const write = method(
  'process/write',
  v.looseObject({
    writeId: v.pipe(v.string(), v.minLength(1, 'writeId must not be empty')),
    processId: v.string(),
    chunk: bytes,
  }),
);

/** PROTOCOL chapter 9. */
export const signal = method(
  'process/signal',
  v.looseObject({ processId: v.string(), signal: v.picklist(['interrupt']) }),
);

const graceful = v.looseObject({ graceful: v.looseObject({ timeoutMs: u64 }) });
const force = v.picklist(['force']);

/** `mode` is chapter 17's. */
export const terminate = method(
  'process/terminate',
  onProcess({ mode: maybe(v.lazy((input) => (typeof input === 'string' ? force : graceful))) }),
);

export interface TerminateResult {
  /** It had not exited before this request. */
  readonly running: boolean;
}
