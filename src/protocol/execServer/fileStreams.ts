import * as v from 'valibot';
import { method } from '../method';
import { bytes, maybe, pathUri, u64 } from '../schemas';

/** PROTOCOL chapter 10: files that stay open, and watches. */
const sandbox = v.optional(v.unknown());

export const open = method(
  'fs/open',
  v.looseObject({
    handleId: v.string(),
    path: pathUri,
    mode: maybe(v.picklist(['read', 'replace'])),
    sandbox,
  }),
);
export const readBlock = method(
  'fs/readBlock',
  v.looseObject({ handleId: v.string(), offset: u64, len: u64 }),
);
export const writeBlock = method(
  'fs/writeBlock',
  v.looseObject({ handleId: v.string(), offset: u64, chunk: bytes }),
);
export const close = method('fs/close', v.looseObject({ handleId: v.string() }));
export const watchMissing = method(
  'fs/watchMissing',
  v.looseObject({ watchId: u64, missing: v.array(pathUri), present: maybe(pathUri), sandbox }),
);

/** Notification: one of the missing paths is there now. */
export const MISSING_CHANGED = 'fs/missingChanged';
