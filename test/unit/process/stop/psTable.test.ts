import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { OrphanLook } from '../../../../src/process/observe/orphanLook';
import type { ProcessLookup } from '../../../../src/process/observe/processLookup';
import { Procfs } from '../../../../src/process/observe/procfs';
import { parsePs, PsTable } from '../../../../src/process/observe/psTable';
import { linux, posix, until } from '../helpers';
import { FAR } from './fakeLookup';

describe('looking at processes by ps, as by /proc', () => {
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

  (linux ? it : it.skip)('agrees with ps about who there is', () => {
    const mine = new Set(new OrphanLook(new Procfs({ of: 'all' })).now().map(({ pid }) => pid));
    const theirs = execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(Number);
    assert.ok(theirs.filter((pid) => !mine.has(pid)).length <= theirs.length / 4);
  });
});
