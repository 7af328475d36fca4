import * as v from 'valibot';
import { integer, object, pathText, text } from './members';

/** A command line or a script beyond this is refused by every system that we run on. */
const MAX_ARGV_BYTES = 2 * 1024 * 1024;
/** More than that is a file, not a keystroke. */
const MAX_WRITE_BYTES = 8 * 1024 * 1024;
const MAX_READ_BYTES = 64 * 1024 * 1024;
/** A caller that wants to wait longer asks again. */
const MAX_WAIT_MS = 60_000;
const MAX_NAME_CHARACTERS = 100;
const flag = v.optional(v.boolean('must be true or false'), false);

const processId = v.pipe(
  v.string('must be a string: the processId that execServer.start or execServer.list gave'),
  v.nonEmpty('must not be empty: use the processId that execServer.start or execServer.list gave'),
);

/** What the row says who started it. */
export const clientName = v.pipe(
  text('what your extension is called'),
  v.nonEmpty('must not be empty'),
  v.maxLength(MAX_NAME_CHARACTERS, `must have at most ${MAX_NAME_CHARACTERS} characters`),
);

export const startSchema = v.pipe(
  object({
    command: v.optional(v.pipe(text('a command line for the shell'), v.nonEmpty('must not be empty'))),
    argv: v.optional(
      v.pipe(
        v.array(text('the program or one of its arguments'), 'must be an array of strings'),
        v.minLength(1, 'must have at least one entry: the program'),
        v.check(([program]) => program !== '', 'must begin with the name or path of a program'),
      ),
    ),
    cwd: v.optional(pathText('an absolute path')),
    env: v.optional(
      v.pipe(
        v.record(
          v.pipe(
            text('the name of a variable'),
            v.regex(/^[^=]+$/, 'has a name that is empty or contains "="'),
          ),
          text('the value of a variable'),
          'must be an object of strings',
        ),
        v.check(
          (all) => Object.entries(all).flat().join('\0').length <= MAX_ARGV_BYTES,
          `must have at most ${MAX_ARGV_BYTES} characters in all; put large values into a file`,
        ),
      ),
    ),
    tty: flag,
    pipeStdin: flag,
    sandbox: v.optional(
      v.looseObject({}, 'must be an object with a "mode": "read-only" or "workspace-write"'),
    ),
    environment: v.optional(
      v.pipe(
        pathText('the id of an environment'),
        v.nonEmpty('must not be empty: leave it out for this machine'),
      ),
    ),
    clientName: v.optional(clientName),
  }),
  v.check(
    ({ command, argv }) => (command === undefined) !== (argv === undefined),
    'give either "command" (run by a shell) or "argv" (run as it is)',
  ),
  v.check(
    ({ command, argv }) => (argv ?? [command ?? '']).join('\0').length <= MAX_ARGV_BYTES,
    `the command is longer than ${MAX_ARGV_BYTES} characters; put it into a file and run that`,
  ),
);

export const readSchema = object({
  processId,
  afterSeq: v.optional(integer(0, Number.MAX_SAFE_INTEGER), 0),
  maxBytes: v.optional(integer(1, MAX_READ_BYTES)),
  waitMs: v.optional(integer(0, MAX_WAIT_MS), 0),
});

const size = `must have at most ${MAX_WRITE_BYTES} bytes; write larger input in pieces`;

export const writeSchema = v.pipe(
  object({
    processId,
    data: v.optional(
      v.pipe(
        v.string('must be a string'),
        v.check((value) => Buffer.byteLength(value) <= MAX_WRITE_BYTES, size),
      ),
    ),
    dataBase64: v.optional(
      v.pipe(
        v.string('must be a string'),
        v.check((value) => value.length * 0.75 <= MAX_WRITE_BYTES + 2, size),
        // Without a group that repeats: there is no stack for one as long as this may be.
        v.check(
          (value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
          'must be base64 with padding',
        ),
      ),
    ),
    closeStdin: flag,
  }),
  v.check(
    ({ data, dataBase64 }) => data === undefined || dataBase64 === undefined,
    'give "data" or "dataBase64", not both',
  ),
  v.check(
    ({ data, dataBase64, closeStdin }) => data !== undefined || dataBase64 !== undefined || closeStdin,
    'has nothing to do: give "data", "dataBase64" or "closeStdin": true',
  ),
);

export const terminateSchema = object({ processId, force: flag });

export const emptySchema = object({});
