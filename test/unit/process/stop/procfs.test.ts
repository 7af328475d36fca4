import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { processCalls } from '../../../../src/process/native/processCalls';
import { OrphanLook } from '../../../../src/process/observe/orphanLook';
import { parseStat, Procfs } from '../../../../src/process/observe/procfs';
import { linux } from '../helpers';
import { FakeLookup, MARK } from './fakeLookup';

describe('looking at processes by /proc', () => {
  it('asks for the children alone, whatever else runs on the machine, and for all where those are not told', async () => {
    const root = await mkdtemp(join(tmpdir(), 'proc-'));
    const write = async (pid: number, ppid: number, children?: string): Promise<void> => {
      await mkdir(join(root, `${pid}/task/${pid}`), { recursive: true });
      const stat = `${pid} (x) S ${ppid} ${pid} ${pid} 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 98765 5000 100`;
      await writeFile(join(root, `${pid}/stat`), stat);
      if (children !== undefined) await writeFile(join(root, `${pid}/task/${pid}/children`), children);
    };
    const under = (): number[] => new Procfs({ root }).under(10).map(({ pid }) => pid);
    try {
      await write(10, 1, '11 ');
      await write(11, 10, '');
      // To be seen only by whoever reads the whole folder.
      await write(12, 10, '');
      assert.deepEqual(under(), [11]);
      await rm(join(root, '10/task/10/children'));
      assert.deepEqual(under(), [11, 12]);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('finds orphans with the first thread of an ancestor, and with all of them where that one has gone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'proc-'));
    const stat = (pid: number, state: string, ppid: number): Promise<void> =>
      writeFile(
        join(root, `${pid}/stat`),
        `${pid} (x) ${state} ${ppid} 9 9 0 ${'0 '.repeat(13)}1 98765 5000`,
      );
    const found = (): number[] => new OrphanLook(new Procfs({ root })).now().map(({ pid }) => pid);
    try {
      for (const [pid, ...threads] of [[1, 1], [10, 10, 11], [process.pid], [20], [30]] as const) {
        await mkdir(join(root, `${pid}`));
        for (const thread of threads) await mkdir(join(root, `${pid}/task/${thread}`), { recursive: true });
      }
      await writeFile(join(root, '1/task/1/children'), '');
      await writeFile(join(root, '10/task/10/children'), '20 ');
      await writeFile(join(root, '10/task/11/children'), '30 ');
      for (const [pid, ppid] of [
        [1, 0],
        [10, 1],
        [process.pid, 10],
        [20, 10],
        [30, 10],
      ] as const)
        await stat(pid, 'S', ppid);
      assert.deepEqual(found(), [20]);
      await stat(10, 'Z', 1);
      assert.deepEqual(found(), [20, 30]);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('reads /proc/PID/stat, also with a hostile name', () => {
    const rest = '0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 98765 5000 100';
    assert.deepEqual(parseStat(`42 (a) Z (b) S 7 42 41 34816 43 ${rest.slice(5)}`), {
      pid: 42,
      ppid: 7,
      pgid: 42,
      sid: 41,
      tpgid: 43,
      start: 98765,
      zombie: false,
    });
    assert.equal(parseStat(`42 (x) Z 7 42 41 0 -1 ${rest.slice(5)}`)?.zombie, true);
    assert.equal(parseStat(''), undefined);
    assert.equal(parseStat('42 (x) S 1'), undefined);
  });

  (linux ? it : it.skip)(
    'sees who has lost its parents, with session and mark, among all and by this process',
    async () => {
      const calls = processCalls();
      const start = () => spawn('sh', ['-c', 'setsid sh -c "sleep 30 & :" & wait'], { detached: true });
      const sh = calls?.bearing(MARK, undefined, start) ?? start();
      const pid = sh.pid ?? 0;
      await once(sh, 'exit');
      for (const of of ['children', 'all'] as const) {
        const found = new OrphanLook(new Procfs({ calls, of }))
          .now()
          .filter(({ marks }) => marks.includes(MARK));
        assert.equal(found.length, 1);
        assert.notEqual(found[0]?.sid, pid);
        const slow = new OrphanLook(new Procfs({ of })).now().find((orphan) => orphan.pid === found[0]?.pid);
        assert.equal(slow?.sid, found[0]?.sid);
        if (of === 'all') process.kill(found[0]?.pid ?? 0, 'SIGKILL');
      }
    },
  );

  it('makes one look for all who ask at once, and none of it is older than the question', async () => {
    let looks = 0;
    const begun = (): number => looks;
    const lookup = new FakeLookup();
    lookup.orphans = function* () {
      looks += 1;
      const at = looks;
      yield;
      return [{ pid: at, sid: 1, pgid: undefined, marks: [] }];
    };
    const look = new OrphanLook(lookup);
    const first = await Promise.all(Array.from({ length: 50 }, () => look.soon()));
    assert.equal(looks, 1);
    assert.ok(first.every(([orphan]) => orphan?.pid === 1));
    const running = look.soon();
    while (begun() < 2) await nextTurn();
    const after = look.soon();
    assert.deepEqual([(await running)[0]?.pid, (await after)[0]?.pid], [2, 3]);
  });
});
