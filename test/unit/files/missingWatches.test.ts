import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MissingWatches } from '../../../src/files';
import { PathSurvey } from '../../../src/files/pathSurvey';
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

  it('see ancestors that are renamed, replaced or moved away and come back', async () => {
    mkdirSync(at('a', 'b', 'c'), { recursive: true });
    for (const id of [1, 2, 3]) assert.equal(await watches.watch(id, [at('a', 'b', 'c', `x${id}`)]), true);
    renameSync(at('a'), at('aside'));
    await delay(QUIET_MS);
    mkdirSync(at('a', 'b', 'c'), { recursive: true });
    writeFileSync(at('a', 'b', 'c', 'x1'), '');
    await reported(1);
    renameSync(at('a', 'b'), at('a', 'gone'));
    mkdirSync(at('a', 'b', 'c'), { recursive: true });
    writeFileSync(at('a', 'b', 'c', 'x2'), '');
    await reported(1, 2);
    writeFileSync(at('aside', 'b', 'c', 'x3'), '');
    rmSync(at('a'), { recursive: true });
    renameSync(at('aside'), at('a'));
    await reported(1, 2, 3);
  });

  it('see links on the way that are made, switched and removed, in every part of the way', async () => {
    for (const name of ['one', 'two']) mkdirSync(at(name, 'deep'), { recursive: true });
    mkdirSync(at('links'));
    symlinkSync('../links/second', at('links', 'first'));
    symlinkSync(at('one'), at('links', 'second'));
    const through = (id: number) => at('links', 'first', 'deep', `x${id}`);
    for (const id of [1, 2, 3]) assert.equal(await watches.watch(id, [through(id)]), true);
    writeFileSync(at('two', 'deep', 'x1'), '');
    symlinkSync(at('two'), at('links', 'new'));
    renameSync(at('links', 'new'), at('links', 'second'));
    await reported(1);
    renameSync(at('two'), at('three'));
    mkdirSync(at('two', 'deep'), { recursive: true });
    writeFileSync(at('two', 'deep', 'x2'), '');
    await reported(1, 2);
    rmSync(at('links', 'first'));
    await delay(QUIET_MS);
    symlinkSync('../one/../one', at('links', 'first'));
    writeFileSync(at('one', 'deep', 'x3'), '');
    await reported(1, 2, 3);
  });

  it('see what is present vanish with an ancestor or through a link', async () => {
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'there'), '');
    symlinkSync('a', at('link'));
    assert.equal(await watches.watch(1, [at('missing')], at('a', 'b', 'there')), true);
    assert.equal(await watches.watch(2, [at('missing')], at('link', 'b', 'there')), true);
    rmSync(at('link'));
    await reported(2);
    renameSync(at('a'), at('aside'));
    await reported(1, 2);
  });

  it('cost as much as their paths are long', async () => {
    const deep = Array.from({ length: 900 }, () => 'd');
    const paths = Array.from({ length: 1024 }, (_, index) => at(`top${index}`, ...deep));
    const begun = process.cpuUsage();
    assert.equal(await watches.watch(1, paths), true);
    const { user, system } = process.cpuUsage(begun);
    assert.ok((user + system) / 1000 < 3000, String(user + system));
    mkdirSync(at('top1023', ...deep.slice(0, 500)), { recursive: true });
    await delay(QUIET_MS);
    assert.deepEqual(changed, []);
    mkdirSync(paths[1023] ?? '', { recursive: true });
    await reported(1);
  });

  it('are given up for a ring of links, and for more directories than may be watched', async () => {
    symlinkSync('ring', at('ring'));
    assert.equal(await watches.watch(1, [at('ring', 'x')]), false);
    mkdirSync(at('a', 'b'), { recursive: true });
    const path = at('a', 'b', 'x');
    const survey = new PathSurvey(path.split('/').length - 1);
    assert.equal(await survey.exists(path), false);
    await assert.rejects(survey.exists(at('ring', 'x')), /Symbolic link loop/);
    await assert.rejects(new PathSurvey(survey.stages.size - 1).exists(path), /No space left on device/);
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
