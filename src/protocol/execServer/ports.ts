import * as v from 'valibot';
import { method, type ResultOf } from '../method';
import { base64, bytes, nothing, u64 } from '../schemas';
import { onProcess } from './processName';

/** Connections to where a process listens, as the reference does not have them: docs/protocol/ports.md. */
const connectionId = v.string();
const UNKNOWN = 'No connection of this id.';

export const open = method('port/open', onProcess({ connectionId, port: u64 }), {
  page: 'ports',
  summary:
    'Connects to a port of this machine on which the process listens, or what came of it. The id has at most 32 bytes; at most 64 are open per connection.',
  result: nothing,
  errors: {
    invalidRequest:
      'No process of this id; nothing of it listens there; nothing answers; an id that is too long or in use; 64 are open.',
  },
});
export const read = method('port/read', v.looseObject({ connectionId }), {
  page: 'ports',
  summary: 'Answers when bytes are there, or the end. One at a time. Holds up nothing else.',
  result: v.strictObject({
    /** Empty at the end. */
    chunk: base64,
    /** Nothing more will come; the connection is closed. */
    ended: v.boolean(),
  }),
  errors: { invalidRequest: `${UNKNOWN.slice(0, -1)}; it is being read already.` },
});
export type ReadResult = ResultOf<typeof read>;

export const write = method('port/write', v.looseObject({ connectionId, chunk: bytes }), {
  page: 'ports',
  summary: 'At most 1 MiB. Answers when the system has taken it.',
  result: nothing,
  errors: { invalidRequest: `${UNKNOWN.slice(0, -1)}; it has ended; more than 1 MiB.` },
});
export const close = method('port/close', v.looseObject({ connectionId }), {
  page: 'ports',
  summary: 'Also fine for an unknown id. Answers at once.',
  result: nothing,
});
