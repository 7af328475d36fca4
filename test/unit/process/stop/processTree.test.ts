import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { processCalls } from '../../../../src/process/native/processCalls';
import { OrphanLook } from '../../../../src/process/observe/orphanLook';
import { PosixTree, type TreeMeans } from '../../../../src/process/stop/posixTree';
import {
  descendants,
  type Orphan,
  type ProcessInfo,
  type ProcessLookup,
} from '../../../../src/process/observe/processLookup';
import { parseStat, Procfs } from '../../../../src/process/observe/procfs';
import { parsePs, PsTable } from '../../../../src/process/observe/psTable';
import { taskkillArguments, taskkillPath } from '../../../../src/process/stop/windowsTree';
import { linux, lives, posix, until } from '../helpers';

function info(pid: number, ppid: number, more: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, ppid, pgid: pid, sid: pid, start: pid * 10, zombie: false, ...more };
}

class FakeLookup implements ProcessLookup {
  list: ProcessInfo[] = [];
  marks = new Map<number, number>();
  one = (pid: number): ProcessInfo | undefined => this.list.find((item) => item.pid === pid);
  under = (pid: number): ProcessInfo[] => descendants(this.list, pid);
  *orphans(): Generator<void, readonly Orphan[]> {
    yield;
    return this.list.map(({ pid, sid, pgid }) => ({ pid, sid, pgid, marks: [this.marks.get(pid) ?? 0] }));
  }
  startOfNew = (pid: number): number | undefined => this.one(pid)?.start;
  sameStart = (a: number, b: number): boolean => a === b;
  foregroundGroup = (): undefined => undefined;
  command = (pid: number): string => `command of ${pid}`;
}

/** Numbers that no process of a test machine has. */
const FAR = 2_000_000_000;
const MARK = 77;

describe('PosixTree', () => {
  function treeWith(list: ProcessInfo[], more: Partial<TreeMeans> = {}): [PosixTree, FakeLookup] {
    const lookup = new FakeLookup();
    lookup.list = list;
    const means = { lookup, orphans: new OrphanLook(lookup), send: () => undefined, ...more };
    return [new PosixTree([{ pid: FAR, start: FAR * 10, tty: false }], means), lookup];
  }
  const pids = (tree: PosixTree): number[] =>
    tree
      .alive()
      .map(({ pid }) => pid!)
      .sort((a, b) => a - b);

  it('finds descendants whatever the order of the list, and what is orphaned in its session', async () => {
    const [tree, lookup] = treeWith([
      info(FAR + 2, FAR + 1),
      info(FAR + 1, FAR),
      info(FAR, 1),
      info(FAR + 3, 1, { sid: FAR }),
      info(FAR + 4, 1, { pgid: FAR, sid: undefined }),
      info(FAR + 5, 1),
    ]);
    await tree.search();
    assert.deepEqual(pids(tree), [FAR, FAR + 1, FAR + 2, FAR + 3, FAR + 4]);
    // FAR+2 founded a session; what is in it is ours as long as somebody is in it who was seen to be ours.
    lookup.list = [
      info(FAR + 2, 1, { zombie: true }),
      info(FAR + 6, 1, { sid: FAR + 2, pgid: FAR + 2 }),
      info(FAR + 7, FAR + 6, { sid: FAR + 7 }),
    ];
    await tree.search();
    assert.deepEqual(pids(tree), [FAR + 6, FAR + 7]);
    lookup.list = [info(FAR + 8, 1, { sid: FAR + 7, pgid: FAR + 7 })];
    await tree.search();
    assert.deepEqual(pids(tree), []);
  });

  it('finds what carries its mark wherever it is, with those of its session', async () => {
    const [tree, lookup] = treeWith(
      [
        info(FAR + 3, 1, { sid: FAR + 2 }),
        info(FAR + 2, 1),
        info(FAR + 4, FAR + 3, { sid: 9 }),
        info(FAR + 5, 1),
      ],
      { carries: (mark) => mark === MARK },
    );
    lookup.marks.set(FAR + 2, MARK);
    lookup.marks.set(FAR + 5, MARK + 1);
    await tree.search();
    assert.deepEqual(pids(tree), [FAR + 2, FAR + 3, FAR + 4]);
  });

  it('counts nobody else of a session that others have founded, whoever of ours is in it', async () => {
    const [tree, lookup] = treeWith(
      [
        info(FAR + 2, 1, { sid: 9, pgid: 9 }),
        info(FAR + 3, 1, { sid: 9, pgid: 9, zombie: true }),
        info(FAR + 4, 1, { sid: 9, pgid: 9 }),
        info(9, 1),
      ],
      { carries: (mark) => mark === MARK },
    );
    for (const pid of [FAR + 2, FAR + 3]) lookup.marks.set(pid, MARK);
    for (let look = 0; look < 2; look += 1) await tree.search();
    assert.deepEqual(pids(tree), [FAR + 2]);
  });

  it('never counts a process with a pid of ours and another start, nor what is in a session of that number', async () => {
    const [tree, lookup] = treeWith([info(FAR, 1), info(FAR + 1, FAR)]);
    await tree.search();
    assert.deepEqual(pids(tree), [FAR, FAR + 1]);
    lookup.list = [
      info(FAR, 1, { start: 7 }),
      info(FAR + 1, 1, { start: 8 }),
      info(FAR + 2, FAR, { sid: FAR, pgid: FAR }),
      info(FAR + 3, FAR + 1),
    ];
    await tree.search();
    assert.deepEqual(pids(tree), []);
    lookup.list = [info(FAR + 2, 1, { sid: FAR, pgid: FAR })];
    await tree.search();
    assert.deepEqual(pids(tree), []);
  });

  it('never counts init, this process or a zombie', async () => {
    const [tree] = treeWith([
      info(FAR, 1),
      info(process.pid, FAR),
      info(1, FAR),
      info(FAR + 1, FAR, { zombie: true }),
    ]);
    await tree.search();
    assert.deepEqual(pids(tree), [FAR]);
  });

  (linux ? it : it.skip)('does not signal a foreign process that got the pid', async () => {
    const foreign = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
    const pid = foreign.pid ?? 0;
    try {
      const lookup = new Procfs();
      const send: TreeMeans['send'] = (to, signal, isIt) => {
        if (isIt()) process.kill(to, signal);
      };
      const tree = new PosixTree([{ pid, start: 1, tty: true }], {
        lookup,
        orphans: new OrphanLook(lookup),
        send,
      });
      for (const rung of ['interrupt', 'terminate', 'kill'] as const) {
        tree.signal(rung);
        tree.hangUp();
        await tree.search(rung);
      }
      tree.killNow();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(lives(pid));
      assert.deepEqual(tree.alive(), []);
    } finally {
      foreign.kill('SIGKILL');
    }
  });
});

describe('looking at processes', () => {
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

  it('reads the table of ps', () => {
    const lines = parsePs(
      '    1     0     1 Ss   Sat Nov  1 09:08:07 2025     /sbin/launchd\n' +
        '  501   499   501 Z+   Fri Nov 21 10:00:00 2025     (zsh)\n' +
        'garbage\n\n' +
        '99999     1 99998 S    Fri Nov 21 10:00:01 2025     /Applications/A B.app/x --flag  y\n',
    );
    assert.deepEqual(
      lines.map(({ pid, ppid, pgid, zombie, command }) => [pid, ppid, pgid, zombie, command]),
      [
        [1, 0, 1, false, '/sbin/launchd'],
        [501, 499, 501, true, '(zsh)'],
        [99999, 1, 99998, false, '/Applications/A B.app/x --flag  y'],
      ],
    );
    assert.equal(lines[2]?.start, Date.parse('2025-11-21T10:00:01') / 1000);
  });

  it('calls taskkill by its full path and never by program name', () => {
    assert.deepEqual(taskkillArguments(12, false), ['/PID', '12', '/T']);
    assert.deepEqual(taskkillArguments(12, true), ['/PID', '12', '/T', '/F']);
    assert.match(taskkillPath({ SystemRoot: 'D:\\Win' }), /^D:\\Win.System32.taskkill\.exe$/);
  });

  for (const [name, make] of [
    ['/proc', linux ? (): ProcessLookup => new Procfs() : undefined],
    ['ps', posix ? (): ProcessLookup => new PsTable() : undefined],
  ] as const) {
    (make ? it : it.skip)(`sees a real tree by ${name}`, async () => {
      const lookup = make?.();
      assert.ok(lookup);
      const parent = spawn('sh', ['-c', 'sleep 30 & sh -c "sleep 31; : Grüße" & wait'], {
        detached: true,
        stdio: 'ignore',
      });
      const pid = parent.pid ?? 0;
      try {
        const start = lookup.startOfNew(pid);
        await until(() => lookup.under(pid).length === 3);
        const found = lookup.one(pid);
        assert.ok(found && start !== undefined && lookup.sameStart(found.start, start));
        assert.equal(found.ppid, process.pid);
        assert.ok(lookup.under(pid).every(({ pgid }) => pgid === pid));
        assert.match(lookup.command(pid), /^sh -c sleep 30.*Grüße/);
        assert.deepEqual(lookup.under(FAR), []);
        assert.equal(lookup.one(FAR), undefined);
      } finally {
        process.kill(-pid, 'SIGKILL');
      }
    });
  }

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

  (linux ? it : it.skip)('agrees with ps about who there is', () => {
    const mine = new Set(new OrphanLook(new Procfs({ of: 'all' })).now().map(({ pid }) => pid));
    const theirs = execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(Number);
    assert.ok(theirs.filter((pid) => !mine.has(pid)).length <= theirs.length / 4);
  });

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
