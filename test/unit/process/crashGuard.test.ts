import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CrashLedger, readLedger } from '../../../src/process/crashLedger';
import { ProcessTable } from '../../../src/process/processTable';
import { CrashGuard } from '../../../src/process/crashGuard';

describe('the ledger of running families', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ledger-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says at any time who lives, in no more lines than ever lived at once', () => {
    const steps = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 2, max: 4_194_304 }), fc.boolean()));
    fc.assert(
      fc.property(steps, (all) => {
        const path = join(folder, 'running');
        const ledger = new CrashLedger(path);
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
          const text = readFileSync(path, 'latin1');
          // Two may be told the same pid here.
          const sorted = (all: readonly { pid: number; start: number; tty: boolean }[]) =>
            all.map(({ pid, start, tty }) => `${pid} ${start} ${tty}`).sort();
          assert.deepEqual(sorted(readLedger(text)), sorted([...living.values()]));
          assert.ok(text.split('\n').length - 1 <= most);
        }
        ledger.close();
        rmSync(path);
      }),
      { numRuns: 50 },
    );
  });

  it('never names everybody', () => {
    assert.deepEqual(readLedger('0 5 p\n1 5 p\n-7 5 p\nx\n\n 9 5 p\n9 5\n9 5 z\n'), []);
  });
});

describe('the crash guard', () => {
  it('leaves neither a shell nor a folder behind when its host ends in order', async function () {
    if (process.platform === 'win32') this.skip();
    const before = process.env['TMPDIR'];
    const folder = mkdtempSync(join(tmpdir(), 'guard-'));
    process.env['TMPDIR'] = folder;
    try {
      const table = new ProcessTable({}, { guard: new CrashGuard('/nonexistent/sweep.js') });
      const spec = { argv: ['/bin/sleep', '600'], cwd: '/', env: {}, tty: false, pipeStdin: false };
      await table.start('a', spec, { id: 'o', name: 'o' });
      assert.equal(readdirSync(folder).filter((name) => name.startsWith('exec-server-')).length, 1);
      await table.shutdown({ graceMs: 0 });
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(folder, { recursive: true });
    }
  });
});
