import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { PosixFamily } from '../../../src/process/family';
import { descendants, type ProcessInfo, type ProcessLookup } from '../../../src/process/processLookup';
import { parseStat, Procfs } from '../../../src/process/procfs';
import { parsePs, PsTable } from '../../../src/process/psTable';
import { taskkillArguments, taskkillPath } from '../../../src/process/windowsFamily';
import { linux, lives, posix, until } from './helpers';

function info(pid: number, ppid: number, more: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, ppid, pgid: pid, sid: pid, start: pid * 10, zombie: false, ...more };
}

class FakeLookup implements ProcessLookup {
  list: ProcessInfo[] = [];
  all = (): ProcessInfo[] => this.list;
  one = (pid: number): ProcessInfo | undefined => this.list.find((item) => item.pid === pid);
  under = (pid: number): ProcessInfo[] => descendants(this.list, pid);
  startOfNew = (pid: number): number | undefined => this.one(pid)?.start;
  sameStart = (a: number, b: number): boolean => a === b;
  foregroundGroup = (): undefined => undefined;
  command = (pid: number): string => `command of ${pid}`;
}

/** Numbers that no process of a test machine has. */
const FAR = 2_000_000_000;

describe('PosixFamily', () => {
  function familyWith(list: ProcessInfo[]): [PosixFamily, FakeLookup] {
    const lookup = new FakeLookup();
    lookup.list = list;
    return [new PosixFamily(FAR, false, lookup), lookup];
  }
  const pids = (family: PosixFamily): number[] =>
    family
      .alive()
      .map(({ pid }) => pid!)
      .sort((a, b) => a - b);

  it('finds descendants whatever the order of the list, and what is orphaned in its session', () => {
    const [family, lookup] = familyWith([
      info(FAR + 2, FAR + 1),
      info(FAR + 1, FAR),
      info(FAR, 1),
      info(FAR + 3, 1, { sid: FAR }),
      info(FAR + 4, 1, { pgid: FAR, sid: 5 }),
      info(FAR + 5, 1),
    ]);
    family.gather('full');
    assert.deepEqual(pids(family), [FAR, FAR + 1, FAR + 2, FAR + 3, FAR + 4]);
    // FAR+2 founded a session; what is in it stays ours after it is gone.
    lookup.list = [info(FAR + 6, 1, { sid: FAR + 2, pgid: FAR + 2 })];
    family.gather('full');
    assert.deepEqual(pids(family), [FAR + 6]);
  });

  it('never counts a process with a pid of ours and another start', () => {
    const [family, lookup] = familyWith([info(FAR, 1), info(FAR + 1, FAR)]);
    family.gather('quick');
    assert.deepEqual(pids(family), [FAR, FAR + 1]);
    lookup.list = [
      info(FAR, 1, { start: 7 }),
      info(FAR + 1, 1, { start: 8 }),
      info(FAR + 2, FAR, { sid: FAR, pgid: FAR }),
      info(FAR + 3, FAR + 1),
    ];
    family.gather('full');
    assert.deepEqual(pids(family), []);
    assert.deepEqual(family.alive(), []);
  });

  it('never counts init, this process or a zombie', () => {
    const [family] = familyWith([
      info(FAR, 1),
      info(process.pid, FAR),
      info(1, FAR),
      info(FAR + 1, FAR, { zombie: true }),
    ]);
    family.gather('full');
    assert.deepEqual(pids(family), [FAR]);
  });

  (linux ? it : it.skip)('does not signal a foreign process that got the pid', async () => {
    const foreign = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
    const pid = foreign.pid ?? 0;
    try {
      const real = new Procfs();
      const lookup: ProcessLookup = {
        all: () => real.all(),
        one: (p) => real.one(p),
        under: (p) => real.under(p),
        startOfNew: () => 1,
        sameStart: (a, b) => a === b,
        foregroundGroup: () => undefined,
        command: String,
      };
      const family = new PosixFamily(pid, false, lookup);
      family.gather('quick');
      family.gather('full');
      for (const rung of ['interrupt', 'terminate', 'kill'] as const) family.signal(rung);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(lives(pid));
      assert.deepEqual(family.alive(), []);
    } finally {
      foreign.kill('SIGKILL');
    }
  });
});

describe('looking at processes', () => {
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
      const parent = spawn('sh', ['-c', 'sleep 30 & sh -c "sleep 31; :" & wait'], {
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
        assert.equal(descendants(lookup.all(), pid).length, 3);
        assert.match(lookup.command(pid), /^sh -c sleep 30/);
        assert.deepEqual(lookup.under(FAR), []);
        assert.equal(lookup.one(FAR), undefined);
      } finally {
        process.kill(-pid, 'SIGKILL');
      }
    });
  }

  (linux ? it : it.skip)('agrees with ps about who there is', async () => {
    const mine = new Set(new Procfs().all().map(({ pid }) => pid));
    const theirs = execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(Number);
    assert.ok(theirs.filter((pid) => !mine.has(pid)).length <= theirs.length / 4);
  });
});
