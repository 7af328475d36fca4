import assert from 'node:assert/strict';
import type { ReadOptions, StartOptions, TerminateOptions, WriteOptions } from '../../../src/agents/api';
import { readSchema, startSchema, terminateSchema, writeSchema } from '../../../src/agents/commandSchemas';

/** The members of a published type, all of them: the compiler sees to that. */
type Members<T> = Record<keyof T, true>;

const START: Members<StartOptions> = {
  argv: true,
  command: true,
  cwd: true,
  env: true,
  tty: true,
  pipeStdin: true,
  sandbox: true,
  environment: true,
  clientName: true,
};
const READ: Members<ReadOptions> = { processId: true, afterSeq: true, maxBytes: true, waitMs: true };
const WRITE: Members<WriteOptions> = { processId: true, data: true, dataBase64: true, closeStdin: true };
const TERMINATE: Members<TerminateOptions> = { processId: true, force: true };

describe('the published types of options have what the commands take', () => {
  for (const [name, members, entries] of [
    ['start', START, startSchema.pipe[0].entries],
    ['read', READ, readSchema.entries],
    ['write', WRITE, writeSchema.pipe[0].entries],
    ['terminate', TERMINATE, terminateSchema.entries],
  ] as const)
    it(name, () => assert.deepEqual(Object.keys(members).sort(), Object.keys(entries).sort()));
});
