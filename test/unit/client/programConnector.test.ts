import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramConnector } from '../../../src/client/programConnector';
import { FakeClock } from '../../support/clock';
import { lives, posix } from '../process/helpers';

/** The most that may pass from the end of a program until all that ran there is told to be lost, in ms. */
const PROMISED_MS = 1000;

(posix ? describe : describe.skip)('a program that leads to another machine', () => {
  for (const [held, script] of [
    ['alone', 'echo $$ >"$0"; exec sleep 3600'],
    ['while another one holds its stdout', 'sleep 3600 & echo "$$ $!" >"$0"; exec sleep 3600'],
  ] as const)
    it(`is told to have ended within a second, ${held}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'program-'));
      const file = join(folder, 'pids');
      using clock = new FakeClock();
      try {
        const connector = new ProgramConnector({ program: '/bin/sh', args: ['-c', script, file] });
        const closed = new Promise<string>((resolve) => {
          const events = {
            message: () => {},
            drained: () => {},
            closed: (_: number, why: string) => resolve(why),
          };
          void connector.open(events, new AbortController().signal);
        });
        const pids = (): number[] => readIfThere(file).split(/\s+/).filter(Boolean).map(Number);
        await clock.until(() => readIfThere(file).endsWith('\n'), 'the program');
        const [leader = 0, holder] = pids();
        process.kill(leader, 'SIGKILL');
        await clock.until(() => !lives(leader), 'its end');
        const before = Date.now();
        assert.match(await clock.through(closed), /ended by SIGKILL/);
        const passed = Date.now() - before;
        if (holder !== undefined) process.kill(holder, 'SIGKILL');
        assert.ok(passed <= PROMISED_MS, `${passed} ms of the test's clock`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
