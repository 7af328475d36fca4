import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { linux } from '../process/helpers';
import { Hour, UNTOLD } from './hour';

const DEEDS: readonly ((hour: Hour, agent: string) => Promise<void>)[] = [
  (hour, agent) => hour.opens(agent),
  (hour, agent) => hour.runs(agent, ['printenv', 'NAME'], 0),
  (hour, agent) => hour.opens(agent),
  (hour) => hour.types(),
  (hour, agent) => hour.writesAFile(agent),
  (hour) => hour.personTypes(),
  (hour, agent) => hour.opens(agent),
  (hour, agent) => hour.fetches(agent),
  (hour) => hour.personTakesOver(),
  (hour, agent) => hour.isRefused(agent),
  (hour) => hour.personSendsSecret(),
  (hour) => hour.personKills(),
  (hour, agent) => hour.runs(agent, ['sh', '-c', 'exit 3'], 3),
  (hour) => hour.strangerKnocks(),
  (hour, agent) => hour.losesItsConnection(agent),
  (hour) => hour.terminates(),
];
const MINUTES = 60;
const CRASH_AT = 29;

(linux ? describe : describe.skip)('the time-line of an hour of three agents', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hour-'));
  const web = createServer((_request, response) => response.end(UNTOLD.content));
  before((done) => void web.listen(0, '127.0.0.1', done));
  after((done) => {
    rmSync(folder, { recursive: true });
    web.close(done);
  });

  it('is what was done, also over a kill -9 of the host, and holds no input, no output and no value', async () => {
    const { port } = web.address() as AddressInfo;
    await using hour = new Hour(folder, new URL(`http://127.0.0.1:${port}/`));
    await hour.begin();
    for (let minute = 0; minute < MINUTES; minute++) {
      await hour.minute(DEEDS[minute % DEEDS.length] ?? assert.fail());
      if (minute !== CRASH_AT) continue;
      const running = hour.open.map(({ row }) => row);
      assert.ok(running.length > 1);
      await hour.crash();
      assert.deepEqual(await hour.endedByCrash(), running);
      await hour.begin();
      for (const agent of ['Builder', 'Filer']) await hour.opens(agent);
    }
    await hour.end();
    const lines = await hour.lines();
    assert.equal(new Set(lines.map(({ window }) => window)).size, 2);
    const all = JSON.stringify(lines);
    for (const untold of Object.values(UNTOLD)) {
      assert.ok(!all.includes(untold), untold);
      assert.ok(!all.includes(Buffer.from(untold).toString('base64').slice(0, -4)), untold);
    }
  }).timeout(CASE_MS);
});
