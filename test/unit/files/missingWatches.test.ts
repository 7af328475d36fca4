import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MissingWatches } from '../../../src/files';
import { useTempDirectory } from './support';

/** Long enough for an event that must not come. */
const QUIET_MS = 150;

describe('files: watches for missing paths', () => {
  const at = useTempDirectory();
  let changed: number[];
  let watches: MissingWatches;
  beforeEach(() => {
    changed = [];
    watches = new MissingWatches((watchId) => changed.push(watchId));
  });
  afterEach(() => watches[Symbol.dispose]());

  async function reported(...ids: number[]): Promise<void> {
    for (let wait = 0; wait < 200 && changed.length < ids.length; wait += 1) await delay(10);
    await delay(QUIET_MS);
    assert.deepEqual(changed.sort(), ids);
  }

  it('report each id once, when one of its paths appears', async () => {
    assert.equal(await watches.watch(1, [at('a'), at('b')]), true);
    assert.equal(await watches.watch(2, [at('b')], null), true);
    assert.equal(await watches.watch(3, [at('c')]), true);
    writeFileSync(at('other'), '');
    writeFileSync(at('b'), '');
    writeFileSync(at('a'), '');
    await reported(1, 2);
  });

  it('follow a path down as its parents appear, and up as they vanish', async () => {
    assert.equal(await watches.watch(1, [at('x', 'y', 'z')]), true);
    mkdirSync(at('x'));
    await delay(QUIET_MS);
    rmSync(at('x'), { recursive: true });
    await delay(QUIET_MS);
    mkdirSync(at('x', 'y'), { recursive: true });
    await delay(QUIET_MS);
    assert.deepEqual(changed, []);
    writeFileSync(at('x', 'y', 'z'), '');
    await reported(1);
  });

  it('see a whole tree that is moved into place', async () => {
    mkdirSync(at('elsewhere', 'y'), { recursive: true });
    writeFileSync(at('elsewhere', 'y', 'z'), '');
    assert.equal(await watches.watch(1, [at('x', 'y', 'z')]), true);
    renameSync(at('elsewhere'), at('x'));
    await reported(1);
  });

  it('see a directory that is replaced by another of the same name', async () => {
    mkdirSync(at('x'));
    assert.equal(await watches.watch(1, [at('x', 'file')]), true);
    rmSync(at('x'), { recursive: true });
    mkdirSync(at('x'));
    await delay(QUIET_MS);
    writeFileSync(at('x', 'file'), '');
    await reported(1);
  });

  it('miss nothing that appears while they are set up', async () => {
    for (let id = 0; id < 30; id += 1) {
      const path = at(`d${id}`, 'sub', 'file');
      const watching = watches.watch(id, [path]);
      mkdirSync(at(`d${id}`, 'sub'), { recursive: true });
      await delay(id % 3);
      writeFileSync(path, '');
      const deadline = Date.now() + 2000;
      if (!(await watching)) continue;
      while (!changed.includes(id) && Date.now() < deadline) await delay(5);
      assert.ok(changed.includes(id), `watch ${id}`);
    }
  });

  it('answer false where there is nothing to wait for', async () => {
    writeFileSync(at('there'), '');
    symlinkSync('nowhere', at('dangling'));
    assert.equal(await watches.watch(1, [at('missing'), at('there')]), false);
    assert.equal(await watches.watch(1, [at('dangling')]), false);
    assert.equal(await watches.watch(1, []), false);
    assert.equal(await watches.watch(1, [at('missing')], at('gone')), false);
    assert.equal(await watches.watch(1, [at('missing')], at('there')), true);
    assert.equal(await watches.watch(1, [at('other')]), false, 'the id is in use');
  });

  it('report when the present path vanishes, and free the id', async () => {
    writeFileSync(at('there'), '');
    assert.equal(await watches.watch(7, [at('missing')], at('there')), true);
    rmSync(at('there'));
    await reported(7);
    assert.equal(await watches.watch(7, [at('missing')]), true);
  });

  it('fall silent when disposed', async () => {
    assert.equal(await watches.watch(1, [at('a')]), true);
    const late = watches.watch(2, [at('b')]);
    watches[Symbol.dispose]();
    assert.equal(await late, false);
    writeFileSync(at('a'), '');
    await reported();
    assert.equal(await watches.watch(3, [at('c')]), false);
  });
});
