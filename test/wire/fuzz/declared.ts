/** Whether answers are what docs/protocol says, which is made from the same declarations. */
import assert from 'node:assert/strict';
import * as v from 'valibot';
import { CATALOGS } from '../../../src/protocol/catalog.js';
import { ErrorCode } from '../../../src/protocol/errors.js';
import type { Message } from '../client.js';
import type { Mode } from './methods.js';

const [execServer, v0, appServer] = CATALOGS;
const ofExec = [execServer, v0, appServer].flatMap((catalog) => catalog?.methods ?? []);

/** By its name, in the dialect that a connection speaks. */
function declaration(method: string, mode: Mode) {
  return (mode === 'app' ? (appServer?.methods ?? []) : ofExec).find(({ name }) => name === method);
}

export const declaredNames = (): string[] => ofExec.map(({ name }) => name);

/** Throws for a result of another shape, and for an error that nobody has declared. */
export function checkAnswer(mode: Mode, method: string, { result, error }: Message): void {
  const declared = declaration(method, mode);
  const unknown = mode === 'app' ? ErrorCode.invalidRequest : ErrorCode.methodNotFound;
  if (!declared) return assert.equal(error?.code, unknown, method);
  if (!error) return assert.deepEqual(v.safeParse(declared.about.result, result).issues, undefined, method);
  const codes = Object.keys(declared.about.errors ?? {}).map(
    (kind) => ErrorCode[kind as keyof typeof ErrorCode],
  );
  const common =
    mode === 'app' ? [ErrorCode.invalidRequest] : [ErrorCode.invalidRequest, ErrorCode.invalidParams];
  assert.ok(
    [...codes, ...common].includes(error.code as (typeof codes)[number]),
    `${method} answers with ${String(error.code)}, which is not declared: ${error.message}`,
  );
}
