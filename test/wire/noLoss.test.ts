import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { both, type Case } from './cases.js';
import { BURST } from './fixtures.js';
import { startParams } from './session.js';

/** SOAK_RUNS=100 is the full soak. */
const RUNS = Number(process.env['SOAK_RUNS'] ?? 2);
const BYTES = Number(process.env['SOAK_BYTES'] ?? 64 << 20);
/** A slow reader takes this much, then looks away. */
const SIP_BYTES = 4 << 20;
const LOOK_AWAY_MS = 25;

interface Outcome {
  bytes: number;
  sum: string;
  exitCode: unknown;
}

/** Runs burst.mjs, and sums up what comes from it without keeping it. */
async function burst(t: Case, sumFile: string, tty: boolean, slow: boolean): Promise<Outcome> {
  const { client } = await t.session();
  const argv = tty ? ['/bin/sh', '-c', 'stty raw; exec "$@"', 'sh', ...BURST] : BURST;
  const params = startParams([...argv, String(BYTES), sumFile], { tty });
  const hash = createHash('sha256');
  const outcome: Outcome = { bytes: 0, sum: '', exitCode: undefined };
  let [nextSeq, sips] = [1, 0];
  const early = new Map<number, Buffer>();
  const take = (seq: number, data: Buffer): void => {
    early.set(seq, data);
    for (let next = early.get(nextSeq); next; next = early.get(nextSeq)) {
      early.delete(nextSeq++);
      hash.update(next);
      outcome.bytes += next.length;
    }
  };
  await new Promise<void>((resolve, reject) => {
    client.sink = ({ method, params: got, error }) => {
      if (error) reject(new Error(error.message));
      if (!got) return;
      take(got.seq ?? NaN, Buffer.from(got.chunk ?? '', 'base64'));
      if (method === 'process/exited') outcome.exitCode = got.exitCode;
      if (method === 'process/closed') resolve();
      if (slow && outcome.bytes >= (sips + 1) * SIP_BYTES) {
        sips++;
        client.socket.pause();
        void delay(LOOK_AWAY_MS).then(() => client.socket.resume());
      }
    };
    void client.closed.then((code) => reject(new Error(`connection closed (${String(code)})`)));
    client.post('process/start', params);
  });
  assert.equal(early.size, 0, 'a gap in the sequence');
  outcome.sum = hash.digest('hex');
  await client.drop();
  return outcome;
}

describe('no byte is lost', () => {
  for (const tty of [false, true]) {
    for (const slow of [false, true]) {
      const title = `${String(BYTES >> 20)} MiB through ${tty ? 'a pty' : 'a pipe'} to a ${slow ? 'slow' : 'fast'} reader`;
      for (let run = 1; run <= RUNS; run++) {
        both(`order: ${title}, run ${String(run)} of ${String(RUNS)}`, async (t) => {
          const sumFile = `${await t.dir()}/sum`;
          const outcome = await burst(t, sumFile, tty, slow);
          assert.deepEqual(outcome, { bytes: BYTES, sum: await readFile(sumFile, 'utf8'), exitCode: 0 });
        });
      }
    }
  }
});
