import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTable, type ManagedProcess, type SpawnSpec } from '../../../../src/process';
import { noBwrap } from '../../sandbox/linux/bwrap';
import { linux, OWNER, run, shell, spec, until, untilOutput } from '../helpers';
import { workspace, writing } from './support';

const KILL = { from: 'kill', by: 'person' } as const;

describe('the ways to stop what is in a sandbox', function () {
  const table = new ProcessTable();
  let place: ReturnType<typeof workspace>;
  before(function () {
    const why = linux ? noBwrap() : 'not on this system';
    if (why === undefined) return;
    console.log(`      skipped: ${why}`);
    this.skip();
  });
  before(() => table.sandboxes.check());
  beforeEach(() => (place = workspace()));
  afterEach(() => place.remove());
  after(() => table.shutdown());

  const inside = (): Partial<SpawnSpec> => ({ sandbox: writing(place.path), cwd: place.path });
  const start = (script: string, more: Partial<SpawnSpec> = {}): Promise<ManagedProcess> =>
    table.start('id', shell(script, { ...inside(), ...more }), OWNER);
  const ended = (process: ManagedProcess): Promise<void> => until(() => process.closed);

  for (const tty of [false, true]) {
    const where = tty ? 'in a terminal' : 'on pipes';

    it(`runs the handler of an interrupt, ${where}`, async () => {
      const process = await start('trap "echo handled; exit 3" INT; echo up; while :; do sleep 0.02; done', {
        tty,
      });
      await untilOutput(process, /up/);
      await process.interrupt();
      await untilOutput(process, /handled/);
      await ended(process);
      assert.equal(process.exitCode, 3);
    });

    it(`interrupts what has been started just now, ${where}`, async () => {
      const process = await start('exec sleep 60', { tty });
      await process.interrupt();
      await ended(process);
      assert.equal(process.exitCode, 130);
    });

    it(`asks before it kills, ${where}`, async () => {
      const process = await start('trap "echo asked; exit 4" TERM; echo up; while :; do sleep 0.02; done', {
        tty,
      });
      await untilOutput(process, /up/);
      assert.deepEqual(await process.stop({ from: 'terminate', graceMs: 5000, by: 'person' }), []);
      await ended(process);
      assert.equal(process.exitCode, 4);
    });

    it(`kills what left its group and ignores all else, ${where}`, async () => {
      const process = await start(
        `trap "" INT TERM HUP; setsid sh -c 'trap "" INT TERM HUP; echo $$ > "$0"; sleep 1000; :' "$PWD/other" & echo up; wait; sleep 1000; :`,
        { tty },
      );
      await untilOutput(process, /up/);
      await until(() => existsSync(join(place.path, 'other')));
      assert.deepEqual(await process.stop({ from: 'interrupt', graceMs: 200, by: 'person' }), []);
      await ended(process);
      assert.equal(process.exitCode, 137);
      assert.deepEqual(left(place.path), []);
    });

    it(`takes what runs in the background with it, ${where}`, async () => {
      const process = await start('setsid sleep 1000 & echo done', { tty });
      await ended(process);
      assert.equal(process.exitCode, 0);
      await until(() => left(place.path).length === 0);
    });

    it(`tells the end by a signal as shells do, ${where}`, async () => {
      const { process } = await run(table, shell('kill -TERM $$', { ...inside(), tty }));
      assert.equal(process.exitCode, 143);
      const killed = await start('exec sleep 60', { tty });
      await killed.stop(KILL);
      await ended(killed);
      assert.equal(killed.exitCode, 137);
      assert.equal(killed.state, 'killed');
    });
  }

  it('has job control, Ctrl-C and Ctrl-Z in an interactive shell', async () => {
    const argv = ['bash', '--norc', '--noprofile', '-i'];
    const env = { PATH: '/usr/bin:/bin', PS1: 'ready> ', HISTFILE: '', HOME: place.path };
    const process = await table.start('id', spec(argv, { ...inside(), tty: true, env }), OWNER);
    const type = (text: string) => process.write(Buffer.from(text));
    const first = await untilOutput(process, /ready> /);
    assert.doesNotMatch(first, /job control/);
    await type('sleep 1000\n');
    await sleep(300);
    await type('\x03');
    await type('echo "in""terrupted: $?"\n');
    await untilOutput(process, /interrupted: 130/);
    await type('sleep 1000\n');
    await sleep(300);
    await type('\x1a');
    await type('jobs; kill %1; echo "st""opped"\n');
    assert.match(await untilOutput(process, /stopped[\s\S]*stopped/i), /Stopped +sleep 1000/);
    await process.resize({ rows: 33, cols: 44 });
    await type('stty size\n');
    await untilOutput(process, /33 44/);
    // An interactive shell ignores SIGTERM: it ends when its terminal does.
    assert.deepEqual(await process.stop({ from: 'terminate', graceMs: 4000, by: 'person' }), []);
    await ended(process);
    assert.equal(process.exitCode, 129);
  });

  it('ends everything with the table', async () => {
    const own = new ProcessTable();
    const process = await own.start(
      'id',
      shell('trap "" TERM; setsid sleep 1000; sleep 1000', inside()),
      OWNER,
    );
    assert.deepEqual(await own.shutdown({ graceMs: 100 }), []);
    // A shutdown has its time, and does not wait longer for a machine that is busy.
    await until(() => process.closed && left(place.path).length === 0);
  });
});

/** Processes whose folder is this one. */
function left(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}
