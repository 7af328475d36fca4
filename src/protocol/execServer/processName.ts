import * as v from 'valibot';
import { isObject } from '../../values';

/** Params of a method about one process. */
type OnProcess<Entries extends v.ObjectEntries> = v.SchemaWithPipe<
  readonly [
    v.UnknownSchema,
    v.TransformAction<unknown, unknown>,
    v.LooseObjectSchema<Entries & { processId: v.StringSchema<undefined> }, undefined>,
  ]
>;

/**
 * Params that name a process by `processId`, or by `sessionId` as v0's design notes do
 * (docs/protocol/extensions.md).
 */
export function onProcess<const Entries extends v.ObjectEntries>(entries: Entries): OnProcess<Entries> {
  const named = v.looseObject({ processId: v.string(), ...entries });
  return v.pipe(v.unknown(), v.transform(withProcessId), named);
}

function withProcessId(params: unknown): unknown {
  if (!isObject(params)) return params;
  if ('processId' in params || !('sessionId' in params)) return params;
  return { ...params, processId: params['sessionId'] };
}
