import assert from 'node:assert/strict';
import { ours } from './cases.js';

const MIB = 1 << 20;
const PROCESSES = 80;
const TOTAL_MIB = 64;

describe('what is retained', () => {
  ours('bounds: 64 MiB are retained in all, the newest output among it', async (t) => {
    const session = await t.session(await t.ownServer());
    const procs = [];
    for (let i = 0; i < PROCESSES; i++) {
      const proc = await session.run(`head -c ${String(MIB)} /dev/zero`);
      proc.events.length = 0;
      procs.push(proc);
    }
    let [total, last] = [0, 0];
    for (const proc of procs) {
      const chunks = (await proc.read())['chunks'] as { chunk: string }[];
      last = chunks.reduce((sum, { chunk }) => sum + Buffer.byteLength(chunk, 'base64'), 0);
      total += last;
    }
    assert.ok(total <= TOTAL_MIB * MIB, String(total));
    assert.ok(total > (TOTAL_MIB / 2) * MIB, String(total));
    assert.ok(last > MIB - 70_000, String(last));
  });
});
