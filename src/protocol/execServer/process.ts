import * as v from 'valibot';
import { Vague } from '../issueText';
import { method, type ResultOf } from '../method';
import { base64, bytes, maybe, nothing, pathUri, textMap, u64 } from '../schemas';
import { neededInput, needsInput, processNotifications } from './notifications';
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

/** Asks for the state that a login shell would have; a server without it starts the command as it is. */
const shellSnapshot = v.looseObject({
  scopeId: v.string(),
  shell: v.looseObject({ name: v.string(), path: v.string() }),
});

/** Longest label of a process, in UTF-16 units. */
const MAX_LABEL = 4096;

/** Also of what else is done to stdin. */
export const writeResult = v.strictObject({
  status: v.picklist(['accepted', 'stdinClosed', 'unknownProcess', 'starting']),
  /** Accepted, and it waits for a person: docs/protocol/extensions.md#held. */
  held: v.optional(v.picklist(['person', 'secret'])),
});

/** See docs/protocol/start.md#processstart. */
export const start = method(
  'process/start',
  onProcess({
    argv: v.array(v.string()),
    cwd: pathUri,
    env: textMap,
    tty: v.boolean(),
    /** For terminals: docs/protocol/extensions.md#size. */
    size: maybe(v.looseObject(terminalSize)),
    envPolicy: maybe(envPolicy),
    pipeStdin: v.optional(v.boolean(), false),
    arg0: maybe(v.string()),
    sandbox: v.optional(v.unknown()),
    enforceManagedNetwork: v.optional(v.boolean(), false),
    /** Without a sandbox it has no effect. */
    managedNetwork: maybe(v.looseObject({})),
    networkProxy: v.optional(v.unknown()),
    /** To be told what it waits for: docs/protocol/extensions.md#processneedsinput. */
    needsInput: v.optional(v.boolean(), false),
    /** And that it waits for the next command: docs/protocol/extensions.md#processneedsinput. */
    atPrompt: v.optional(v.boolean(), false),
    shellSnapshot: maybe(shellSnapshot),
    metadata: maybe(metadata),
    /** When it ends at the latest: docs/protocol/extensions.md#lifetime. */
    lifetime: maybe(v.picklist(['connection', 'session'])),
    /** docs/protocol/extensions.md#merged. */
    mergeStderr: v.optional(v.boolean(), false),
    /** docs/protocol/extensions.md#label. */
    label: maybe(
      v.pipe(v.string(), v.maxLength(MAX_LABEL, `label must have at most ${MAX_LABEL} characters`)),
    ),
  }),
  {
    page: 'start',
    summary: 'Starts a process under an id of the client’s choice. Answers before its first notification.',
    result: v.strictObject({
      processId: v.string(),
      sandboxType: v.picklist(['none', 'linuxSeccomp', 'macosSeatbelt']),
      /** For clients that say a `lifetime`. */
      pid: v.exactOptional(v.number()),
    }),
    errors: {
      invalidRequest: 'The id is taken; 256 processes of this session or 1,024 in all have not closed.',
      invalidParams:
        'No `argv`; a `cwd` of another host; a `sandbox` that makes no sense or cannot be enforced; a `networkProxy`; a `mergeStderr` on a system that cannot.',
      internal: 'The process cannot be started, in the words of the system.',
    },
    notifies: [...processNotifications, needsInput],
  },
);

export type StartResult = ResultOf<typeof start>;

const UNKNOWN = 'No process of this id.';

/** See docs/protocol/read.md#processread. */
export const read = method(
  'process/read',
  v.looseObject({
    processId: v.string(),
    afterSeq: maybe(u64),
    maxBytes: maybe(u64),
    /** Milliseconds. */
    waitMs: maybe(u64),
  }),
  {
    page: 'read',
    summary: 'Output after `afterSeq` that is still there; waits up to `waitMs` ms for something new.',
    result: v.strictObject({
      chunks: v.array(v.strictObject({ seq: v.number(), stream: v.string(), chunk: base64 })),
      nextSeq: v.number(),
      exited: v.boolean(),
      exitCode: v.nullable(v.number()),
      closed: v.boolean(),
      failure: v.null(),
      sandboxDenied: v.boolean(),
      /** Where the start asked for it. */
      needsInput: v.exactOptional(neededInput),
    }),
    errors: { invalidRequest: UNKNOWN },
  },
);

export type ReadReply = ResultOf<typeof read>;

/** See docs/protocol/write.md#processwrite. */
export const write = method(
  'process/write',
  v.looseObject({
    writeId: v.pipe(v.string(), v.minLength(1, 'writeId must not be empty')),
    processId: v.string(),
    chunk: bytes,
  }),
  {
    page: 'write',
    summary:
      'Input. A `writeId` that was accepted before writes nothing; the newest 4,096 per process are known.',
    result: writeResult,
    errors: { internal: 'The process takes no input any more.' },
  },
);

/** See docs/protocol/stop.md#terminate. */
export const signal = method(
  'process/signal',
  v.looseObject({ processId: v.string(), signal: v.picklist(['interrupt']) }),
  {
    page: 'stop',
    summary: 'Interrupts the process group. Nothing happens to unknown and ended processes.',
    result: nothing,
    errors: { internal: 'The system refuses.' },
  },
);

const graceful = v.looseObject({ graceful: v.looseObject({ timeoutMs: u64 }) });
const force = v.picklist(['force']);
const mode = v.pipe(
  v.lazy((input) => (typeof input === 'string' ? force : graceful)),
  v.title('"force" or {graceful: {timeoutMs: u64}}'),
);

/** With members of ours: docs/protocol/extensions.md#graceful. */
export const terminate = method(
  'process/terminate',
  onProcess({
    mode: maybe(mode),
    /** Also what holds the streams of a process that has exited. */
    descendants: v.optional(v.boolean(), false),
  }),
  {
    page: 'stop',
    summary:
      'Kills the process group at once; gracefully, asks first. `running`: it had not exited. Answers at once.',
    result: v.strictObject({ running: v.boolean() }),
  },
);

export type TerminateResult = ResultOf<typeof terminate>;
