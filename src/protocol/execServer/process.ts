import * as v from 'valibot';
import { Vague } from '../issueText';
import { method, type ResultOf } from '../method';
import { base64, bytes, maybe, nothing, pathUri, textMap, u64 } from '../schemas';
import { processNotifications } from './notifications';
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

/** Also of what else is done to stdin. */
export const writeResult = v.strictObject({
  status: v.picklist(['accepted', 'stdinClosed', 'unknownProcess', 'starting']),
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
    /** Without a sandbox it has no effect. */
    managedNetwork: maybe(v.looseObject({})),
    networkProxy: v.optional(v.unknown()),
    shellSnapshot: maybe(shellSnapshot),
    metadata: maybe(metadata),
  }),
  {
    chapter: '5',
    summary: 'Starts a process under an id of the client’s choice. Answers before its first notification.',
    result: v.strictObject({ processId: v.string(), sandboxType: v.literal('none') }),
    errors: {
      invalidRequest: 'The id is taken; 256 processes of this session or 1,024 in all have not closed.',
      invalidParams:
        'No `argv`; a `cwd` of another host; a `sandbox` or `networkProxy`, which cannot be enforced.',
      internal: 'The process cannot be started, in the words of the system.',
    },
    notifies: processNotifications,
  },
);

export type StartResult = ResultOf<typeof start>;

const UNKNOWN = 'No process of this id.';

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
  {
    chapter: '7',
    summary: 'Retained output after `afterSeq`, the newest 1 MiB; waits up to `waitMs` ms for something new.',
    result: v.strictObject({
      chunks: v.array(v.strictObject({ seq: v.number(), stream: v.string(), chunk: base64 })),
      nextSeq: v.number(),
      exited: v.boolean(),
      exitCode: v.nullable(v.number()),
      closed: v.boolean(),
      failure: v.null(),
      sandboxDenied: v.boolean(),
    }),
    errors: { invalidRequest: UNKNOWN },
  },
);

export type ReadReply = ResultOf<typeof read>;

/** PROTOCOL chapter 8. */
export const write = method(
  'process/write',
  v.looseObject({
    writeId: v.pipe(v.string(), v.minLength(1, 'writeId must not be empty')),
    processId: v.string(),
    chunk: bytes,
  }),
  {
    chapter: '8',
    summary:
      'Input. A `writeId` that was accepted before writes nothing; the newest 4,096 per process are known.',
    result: writeResult,
    errors: { internal: 'The process takes no input any more.' },
  },
);

/** PROTOCOL chapter 9. */
export const signal = method(
  'process/signal',
  v.looseObject({ processId: v.string(), signal: v.picklist(['interrupt']) }),
  {
    chapter: '9',
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

/** `mode` is chapter 17's. */
export const terminate = method('process/terminate', onProcess({ mode: maybe(mode) }), {
  chapter: '9, 17',
  summary:
    'Kills the process group at once; gracefully, asks first. `running`: it had not exited. Answers at once.',
  result: v.strictObject({ running: v.boolean() }),
});

export type TerminateResult = ResultOf<typeof terminate>;
