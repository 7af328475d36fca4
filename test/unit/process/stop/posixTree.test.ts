import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { OrphanLook } from '../../../../src/process/observe/orphanLook';
import type { ProcessInfo } from '../../../../src/process/observe/processLookup';
import { Procfs } from '../../../../src/process/observe/procfs';
import { PosixTree, type TreeMeans } from '../../../../src/process/stop/posixTree';
import { linux, lives } from '../helpers';
import { FakeLookup, FAR, info, MARK } from './fakeLookup';

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
      const sent: unknown[] = [];
      const send: TreeMeans['send'] = (to, signal, isIt) => {
        if (!isIt()) return;
        sent.push(signal);
        process.kill(to, signal);
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
      assert.deepEqual(sent, []);
      assert.ok(lives(pid));
      assert.deepEqual(tree.alive(), []);
    } finally {
      foreign.kill('SIGKILL');
    }
  });
});
