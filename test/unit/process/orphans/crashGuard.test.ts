import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CrashLedger, readLedger } from '../../../../src/process/orphans/crashLedger';
import { ProcessTable } from '../../../../src/process/processTable';
import { CrashGuard } from '../../../../src/process/orphans/crashGuard';
import { pidScope, thisHost } from '../../../../src/process/orphans/hostIdentity';
import { ledgerFolder } from '../../../../src/process/orphans/ledgerFolder';
import { ledgerName, staleLedgers } from '../../../../src/process/orphans/staleLedgers';
import { shell, until } from '../helpers';

const HOST = { pid: 12, start: 34, firstMark: 56 };

describe('the ledger of running trees', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ledger-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says at any time who lives, in no more lines than ever lived at once', () => {
    const steps = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 2, max: 4_194_304 }), fc.boolean()));
    fc.assert(
      fc.property(steps, (all) => {
        const path = join(folder, 'running');
        const ledger = new CrashLedger(path, HOST);
        const living = new Map<number, { pid: number; start: number; tty: boolean }>();
        const keys = Array.from({ length: 6 }, (_, at) => ({ at }));
        let most = 0;
        for (const [at, pid, tty] of all) {
          const key = keys[at]!;
          if (living.delete(at)) ledger.forget(key);
          else {
            const identity = { pid, start: Number.MAX_SAFE_INTEGER - pid, tty };
            living.set(at, identity);
            ledger.note(key, identity);
          }
          most = Math.max(most, living.size);
          const { host, trees } = readLedger(readFileSync(path, 'latin1'));
          assert.deepEqual(host, HOST);
          // Two may be told the same pid here.
          const sorted = (all: readonly { pid: number; start: number; tty: boolean }[]) =>
            all.map(({ pid, start, tty }) => `${pid} ${start} ${tty}`).sort();
          assert.deepEqual(sorted(trees), sorted([...living.values()]));
          assert.ok(readFileSync(path, 'latin1').split('\n').length - 2 <= most);
        }
        ledger.close();
        assert.ok(!existsSync(path));
      }),
      { numRuns: 50 },
    );
  });

  it('never names everybody', () => {
    assert.deepEqual(readLedger('0 5 p\n1 5 p\n-7 5 p\nx\n\n 9 5 p\n9 5\n9 5 z\n').trees, []);
  });
});

(process.platform === 'win32' ? describe.skip : describe)('the crash guard', () => {
  const spec = { argv: ['/bin/sleep', '600'], cwd: '/', env: {}, tty: false, pipeStdin: false };
  let folder: string;
  let table: ProcessTable;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'guard-')), 'deep', 'er');
    table = new ProcessTable({}, { guard: new CrashGuard({ sweeper: '/nonexistent/sweep.js', folder }) });
  });
  afterEach(async () => {
    await table.shutdown({ graceMs: 0 });
    rmSync(join(folder, '../..'), { recursive: true });
  });
  const ledgers = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const noted = () => ledgers().flatMap((text) => readLedger(text).trees.map(({ pid }) => pid));

  it('leaves neither a shell nor a ledger behind when its host ends in order', async () => {
    const { pid } = await table.start('a', spec, { id: 'o', name: 'o' });
    assert.deepEqual(noted(), [pid]);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    await table.shutdown({ graceMs: 0 });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('notices that its ledger was removed, and brings it back', async () => {
    const first = await table.start('a', spec, { id: 'o', name: 'o' });
    const gone = await table.start('b', spec, { id: 'o', name: 'o' });
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const second = await table.start('c', spec, { id: 'o', name: 'o' });
    assert.deepEqual(noted().sort(), [first.pid, gone.pid, second.pid].sort());
    await gone.stop({ from: 'kill', by: 'person' });
    await until(() => gone.closed);
    assert.deepEqual(noted().sort(), [first.pid, second.pid].sort());
  });

  it('notes one that has ended before anybody looked, if it left something', async () => {
    const script = 'sleep 600 >/dev/null 2>&1 & echo $!';
    const rows = await Promise.all(
      Array.from({ length: 20 }, () => table.start('a', shell(script), { id: 'o', name: 'o' })),
    );
    await until(() => rows.every((row) => row.closed));
    assert.deepEqual(noted().sort(), rows.map(({ pid }) => pid).sort());
  });

  it('does without a ledger where anybody could change it, and says so', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    symlinkSync(tmpdir(), folder);
    const warned = once(process, 'warning');
    await table.start('a', spec, { id: 'o', name: 'o' });
    assert.match(String((await warned)[0]), /may stay behind.*is a link/);
  });
});

describe('where ledgers lie', () => {
  it('is where no cleaner comes, as the system and the program have it', () => {
    const own = mkdtempSync(join(tmpdir(), 'runtime-'));
    try {
      assert.equal(ledgerFolder({ XDG_RUNTIME_DIR: own, HOME: '/h' }, '/s'), join(own, 'exec-server'));
      assert.equal(ledgerFolder({ XDG_RUNTIME_DIR: '/nowhere', HOME: '/h' }, '/s'), '/s/running');
      assert.equal(ledgerFolder({ XDG_STATE_HOME: '/st', HOME: '/h' }), '/st/exec-server');
      assert.equal(ledgerFolder({ XDG_STATE_HOME: 'relative', HOME: '/h' }), '/h/.local/state/exec-server');
    } finally {
      rmSync(own, { recursive: true });
    }
  });
});

describe('ledgers of hosts before', () => {
  it('are those whose host is dead, on this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stale-'));
    try {
      const [mine, scope] = [thisHost(), pidScope()];
      const dead = ledgerName(scope, { ...mine, start: mine.start - 1 }, 1);
      const elsewhere = ledgerName('0123456789abcdef', { ...mine, start: 1 }, 1);
      const old = ledgerName('0123456789abcdef', { ...mine, start: 2 }, 1);
      for (const name of [dead, elsewhere, old, ledgerName(scope, mine, 1), 'notes.txt'])
        writeFileSync(join(folder, name), '');
      utimesSync(join(folder, old), 1, 1);
      assert.deepEqual(await staleLedgers(folder), [join(folder, dead)]);
      assert.ok(existsSync(join(folder, elsewhere)));
      assert.ok(!existsSync(join(folder, old)));
      assert.deepEqual(await staleLedgers(join(folder, 'none')), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
