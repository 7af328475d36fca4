import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { thisMachine } from '../thisMachine';
import { platformOf, SERVER, type Machine } from '../words';
import { nativeFiles, type PayloadFile } from './natives';

/** All that an exec-server needs on that machine but Node. */
export interface Payload {
  /** The editors' name of the platform that it is for. */
  readonly platform: string;
  /** SHA-256 of the archive, in hex: its folder's name there. */
  readonly key: string;
  /** The names and sizes of the files as JSON, behind the length of that in 4 bytes, then the files. */
  readonly archive: Buffer;
}

const BUNDLES = [SERVER, 'dist/sweep.js', 'dist/lookUp.js'];
const TEXTS = ['LICENSE', 'dist/THIRD_PARTY_NOTICES.txt'];
/** Half a second for what then takes 0.6 MB; the best would take ten times as long for a tenth less. */
const QUALITY = 9;
const WINDOW_BITS = 22;

/**
 * What is sent to that machine, as one archive.
 *
 * @param root the folder that has `dist/` and `LICENSE`
 * @throws AttachError where there are no native parts for that machine
 */
export function makePayload(machine: Machine, root: string): Payload {
  const own = [...BUNDLES, ...TEXTS.filter((name) => existsSync(join(root, name)))];
  const files: PayloadFile[] = [
    ...own.map((name): PayloadFile => [name, readFileSync(join(root, name))]),
    ...nativeFiles(machine, join(root, SERVER)),
  ];
  const names = Buffer.from(JSON.stringify(files.map(([name, content]) => [name, content.length])));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(names.length);
  const archive = Buffer.concat([length, names, ...files.map(([, content]) => content)]);
  const key = createHash('sha256').update(archive).digest('hex');
  return { platform: platformOf(machine), key, archive };
}

/** For a machine like this one, or the Linux that people attach to from others; undefined where there is none for it. */
export function likelyPayload(root: string): Payload | undefined {
  const own = thisMachine();
  try {
    return makePayload(own.platform === 'linux' ? own : { ...own, platform: 'linux', libc: 'glibc' }, root);
  } catch {
    return undefined;
  }
}

/** The archive as it travels: compressed. */
export function pack({ archive }: Payload): Promise<Buffer> {
  return promisify(brotliCompress)(archive, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: archive.length,
    },
  });
}
