import assert from 'node:assert/strict';
import { bwrapArguments, expandPatterns } from '../../../src/sandbox';
import { Glob } from '../../../src/sandbox/policy/glob';
import { Policy, type PolicyEntry } from '../../../src/sandbox/policy/policy';

/** So often the path of an entry is looked at when there are four times as many: not sixteen. */
const FOUR_TIMES = 6;

/** Folders that are denied, each with one that is open again, and how often their paths have been looked at. */
class Counted {
  reads = 0;

  policy(count: number, patterns: readonly string[] = []): Policy {
    const entries = Array.from({ length: count }, (_, n) => [
      this.entry(`/home/d${n}`, 'deny'),
      this.entry(`/home/d${n}/a/b/open`, 'write'),
    ]).flat();
    return new Policy({
      base: 'all-write',
      entries,
      patterns: patterns.map((text) => ({ under: '/home', glob: new Glob(text), text })),
      patternDepth: undefined,
      links: [],
      network: false,
    });
  }

  private entry(path: string, access: PolicyEntry['access']): PolicyEntry {
    const count = (): void => {
      this.reads++;
    };
    return {
      get path() {
        count();
        return path;
      },
      access,
      kind: 'folder',
      isGuard: false,
    };
  }
}

/** How much more work it is for four times as many. */
const growth = async (work: (counted: Counted, count: number) => unknown): Promise<number> => {
  const reads: number[] = [];
  for (const count of [50, 200]) {
    const counted = new Counted();
    await work(counted, count);
    reads.push(counted.reads);
  }
  return (reads[1] ?? 0) / (reads[0] ?? 0);
};

describe('the work for a sandbox grows as its rules do', () => {
  it('where it is laid out for bubblewrap', async () => {
    const options = { cwd: '/', hasTerminal: false, seccompFd: 3 };
    assert.ok(
      (await growth((counted, count) => bwrapArguments(counted.policy(count), options))) < FOUR_TIMES,
    );
    const made = bwrapArguments(new Counted().policy(2), options);
    const at = made.indexOf('/home/d1');
    assert.deepEqual(made.slice(at - 3, at + 9), [
      ...['--perms', '0111', '--tmpfs', '/home/d1'],
      ...['--perms', '0111', '--dir', '/home/d1/a', '--perms', '0111', '--dir', '/home/d1/a/b'],
    ]);
  });

  it('where folders are searched that a pattern leads through', async () => {
    const look = (count: number) => ({
      at: async () => ({ kind: 'folder' }) as const,
      list: async (folder: string) =>
        folder === '/home'
          ? Array.from({ length: count }, (_, n) => ({ name: `d${n}`, isFolder: true }))
          : [],
      read: async () => undefined,
    });
    const work = (counted: Counted, count: number) =>
      expandPatterns(counted.policy(count, ['**/x']), look(count));
    assert.ok((await growth(work)) < FOUR_TIMES);
  });
});
