import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { ours, type Case } from './cases.js';
import { type Proc, type Session } from './session.js';

const MIB = 1 << 20;

interface Whole {
  readonly bytes: number;
  readonly sha256: string;
  /** How often a number between two chunks was missing. */
  readonly jumps: number;
}

/** Reads on from 0 as a client does that was away. */
async function readAll(proc: Proc, more = {}): Promise<Whole> {
  const hash = createHash('sha256');
  let [bytes, jumps, last] = [0, 0, 0];
  for (let afterSeq = 0; ;) {
    const page = await proc.read({ afterSeq, ...more });
    const chunks = page['chunks'] as { seq: number; chunk: string }[];
    for (const { seq, chunk } of chunks) {
      // An exit that is seen before the last output has a number of its own.
      if (seq > last + 2) jumps++;
      last = seq;
      const data = Buffer.from(chunk, 'base64');
      bytes += data.length;
      hash.update(data);
    }
    afterSeq = Number(page['nextSeq']) - 1;
    if (page['closed'] === true && chunks.length === 0) return { bytes, jumps, sha256: hash.digest('hex') };
  }
}

const spilling = async (t: Case, ...flags: string[]): Promise<[Session, string]> => {
  const folder = `${await t.dir()}/new`;
  return [await t.session(await t.ownServer(['--spill-folder', folder, ...flags])), folder];
};

/** As many bytes as are asked for, none of which is like its neighbours. */
const LOG = (mib: number): string => `seq 1 ${String(mib * 140_000)} | head -c ${String(mib * MIB)}`;

describe('--spill-folder', () => {
  ours('bounds: all of it is there for one who comes late, byte by byte', async (t) => {
    const [session, folder] = await spilling(t);
    const [sha256] = (await session.text(`${LOG(96)} | sha256sum`)).split(' ');
    const proc = await session.run(LOG(96));
    for (const more of [{ maxBytes: 500_000 }, {}]) {
      assert.deepEqual(await readAll(proc, more), { bytes: 96 * MIB, jumps: 0, sha256 });
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  ours('bounds: without the folder only the newest 1 MiB is there', async (t) => {
    const session = await t.session(await t.ownServer());
    const { bytes, jumps } = await readAll(await session.run(LOG(3)));
    assert.ok(bytes <= MIB && bytes > MIB - 70_000, String(bytes));
    assert.equal(jumps, 1);
  });

  ours('bounds: beyond --spilled-bytes-per-process the middle is gone', async (t) => {
    const [session] = await spilling(t, '--spilled-bytes-per-process', String(2 * MIB));
    const { bytes, jumps } = await readAll(await session.run(LOG(9)));
    assert.ok(bytes <= 3 * MIB && bytes > 3 * MIB - 200_000, String(bytes));
    assert.equal(jumps, 1);
  });
});
