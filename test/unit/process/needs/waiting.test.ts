import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS } from '../../../../scripts/host/patience.mjs';
import type { ManagedProcess } from '../../../../src/process/managedProcess';
import { ProcessTable } from '../../../../src/process/processTable';
import { linux, OWNER, until } from '../helpers';
import { AT_PROMPT, NOT_WAITING, specOf, WAITING, type Sleeper } from './programs';

/** Long enough for several looks at what is quiet, in ms. */
const WATCHED_MS = 4000;

describe('what a process waits for', function () {
  this.timeout(CASE_MS);
  const table = new ProcessTable();

  before(function () {
    if (!linux) this.skip();
  });
  afterEach(() => table.shutdown({ graceMs: 10, reopen: true }));

  const start = async (sleeper: Sleeper): Promise<ManagedProcess> => {
    const process = await table.start(sleeper.name, specOf(sleeper), OWNER);
    if (sleeper.typed !== undefined) {
      await sleep(1000);
      await process.write(Buffer.from(sleeper.typed));
    }
    return process;
  };

  for (const sleeper of [...WAITING, ...AT_PROMPT]) {
    it(`${sleeper.waits?.kind ?? ''}: ${sleeper.name}`, async function () {
      if (!isThere(sleeper)) this.skip();
      const process = await start(sleeper);
      const { kind, question } = sleeper.waits!;
      const fits = (): boolean =>
        process.waiting?.kind === kind && (question === undefined || process.waiting.question === question);
      await until(fits).catch(() => assert.deepEqual(process.waiting, sleeper.waits));
      assert.equal(process.needsInput === null, kind === 'prompt');
    });
  }

  describe('with all that wait for nobody running at once', () => {
    /** By name, what each was said to wait for. */
    const seen = new Map<string, Set<string>>();
    const there = NOT_WAITING.filter(isThere);

    before(async () => {
      table.on('changed', ({ clientProcessId: processId, waiting }) => {
        if (waiting) seen.set(processId, (seen.get(processId) ?? new Set()).add(JSON.stringify(waiting)));
      });
      await Promise.all(there.map(start));
      await sleep(WATCHED_MS);
      table.removeAllListeners();
    });

    for (const sleeper of NOT_WAITING) {
      it(`nothing: ${sleeper.name}`, function () {
        if (!there.includes(sleeper)) this.skip();
        assert.deepEqual([...(seen.get(sleeper.name) ?? [])], []);
      });
    }
  });

  const asking = (script: string): Promise<ManagedProcess> =>
    start({ name: 'asks', argv: ['bash', '-c', `read -p "Go on? " a; ${script}`] });

  for (const [what, script] of [
    ['it goes on without a word', 'sleep 600'],
    ['it writes without end', 'while :; do echo x; done'],
    ['it computes', 'while :; do :; done'],
    ['it asks no more and ends', 'true'],
  ] as const) {
    it(`is over once it has its answer, and ${what}`, async () => {
      const process = await asking(script);
      await until(() => process.needsInput?.question === 'Go on?');
      await process.write(Buffer.from('y\r'));
      await until(() => process.needsInput === null);
    });
  }

  it('what is typed behind a question does not change the question', async () => {
    const process = await asking('true');
    await until(() => process.needsInput?.question === 'Go on?');
    let changes = 0;
    table.on('changed', () => changes++);
    for (const key of 'maybe') {
      await process.write(Buffer.from(key));
      await sleep(100);
    }
    await sleep(1000);
    assert.deepEqual([process.needsInput?.question, changes], ['Go on?', 0]);
    table.removeAllListeners();
  });

  it('the next question takes the place of the one before', async () => {
    const process = await asking('read -p "Sure? " a');
    await until(() => process.needsInput?.question === 'Go on?');
    await process.write(Buffer.from('y\r'));
    await until(() => process.needsInput?.question === 'Sure?');
  });
});

function isThere({ program }: Sleeper): boolean {
  if (program === undefined) return true;
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
