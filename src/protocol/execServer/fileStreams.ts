import * as v from 'valibot';
import { method } from '../method';
import { notification } from '../notification';
import { base64, bytes, maybe, nothing, pathUri, u64 } from '../schemas';
import { FILE_ERRORS } from './fileErrors';

/** Files that stay open, and watches: docs/protocol/handles.md. */
const sandbox = v.optional(v.unknown());
const common = { page: 'handles', errors: FILE_ERRORS } as const;

export const open = method(
  'fs/open',
  v.looseObject({
    handleId: v.string(),
    path: pathUri,
    mode: maybe(v.picklist(['read', 'replace'])),
    sandbox,
  }),
  {
    ...common,
    summary:
      'Opens a regular file under an id of at most 32 bytes; `replace` empties or makes it. At most 128 per connection.',
    result: v.strictObject({ handleId: v.string() }),
  },
);
export const readBlock = method(
  'fs/readBlock',
  v.looseObject({ handleId: v.string(), offset: u64, len: u64 }),
  {
    ...common,
    summary: '1 byte to 1 MiB; `eof` if fewer were there. An error of the system closes the handle.',
    result: v.strictObject({ chunk: base64, eof: v.boolean() }),
  },
);
export const writeBlock = method(
  'fs/writeBlock',
  v.looseObject({ handleId: v.string(), offset: u64, chunk: bytes }),
  { ...common, summary: '1 byte to 1 MiB, in any order; holes are zero.', result: nothing },
);
export const close = method('fs/close', v.looseObject({ handleId: v.string() }), {
  page: 'handles',
  summary:
    'Also fine for an unknown id. Behind requests about that id that have no answer yet it waits for its turn, else for nothing.',
  result: nothing,
  errors: { invalidRequest: 'An id of more than 32 bytes.' },
});

/** One of the missing paths is there now. */
export const missingChanged = notification('fs/missingChanged', v.strictObject({ watchId: v.number() }), {
  page: 'handles',
  summary: 'One of the missing paths is there, or `present` is not. The watch is over.',
});
export const watchMissing = method(
  'fs/watchMissing',
  v.looseObject({ watchId: u64, missing: v.array(pathUri), present: maybe(pathUri), sandbox }),
  {
    ...common,
    summary:
      'Watches for paths that are not there. `watching` is false if one is, or the id is in use, or beyond 128 watches or 1,024 paths.',
    result: v.strictObject({ watching: v.boolean() }),
    notifies: [missingChanged],
  },
);
