import assert from 'node:assert/strict';
import { Lingering } from '../../../../src/process/stop/lingering';
import type { ProcessTree } from '../../../../src/process/stop/processTree';

/** A tree whose group's number is in use; `left` are the members that are known, `hidden` those that a search finds. */
function treeOf(left: number[], hidden: number[] = []): ProcessTree {
  let known = left;
  return {
    search: async () => void (known = [...known, ...hidden]),
    leaderExited: () => undefined,
    signal: () => undefined,
    killGroup: () => Promise.resolve(),
    hangUp: () => undefined,
    alive: () => known.map((pid) => ({ pid, command: 'x' })),
    groupAlive: () => true,
  };
}

describe('groups that outlived their leader', () => {
  const cases: [name: string, tree: ProcessTree, isForgotten: boolean][] = [
    ['forgotten when none of theirs is left, although the number is in use', treeOf([]), true],
    ['kept while one of theirs lives', treeOf([7]), false],
    ['kept when a search finds one of theirs', treeOf([], [8]), false],
  ];
  for (const [name, tree, isForgotten] of cases) {
    it(`are ${name}`, async () => {
      const forgotten = new Set<ProcessTree>();
      const lingering = new Lingering((one) => forgotten.add(one));
      lingering.ended({ tree, lingering: tree });
      const other = treeOf([9]);
      lingering.ended({ tree: other, lingering: other });
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([forgotten.has(tree), forgotten.has(other)], [isForgotten, false]);
    });
  }
});
