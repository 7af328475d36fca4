import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { WalkOptions } from '../../../src/files';
import { LINK_LOOP, makeFifo, NOT_FOUND, refused, useTempDirectory, walked } from './support';

const all: WalkOptions = {
  maxDepth: 64,
  maxDirectories: 10_000,
  maxEntries: 50_000,
  followDirectorySymlinks: false,
};
const follow: WalkOptions = { ...all, followDirectorySymlinks: true };

describe('files: walk', () => {
  const at = useTempDirectory();

  /** The walk's paths from the root, directories with a slash. */
  async function names(options: WalkOptions, root = at()): Promise<{ found: string[]; truncated: boolean }> {
    const { entries, errors, truncated } = await walked(root, options);
    assert.deepEqual(errors, []);
    return {
      found: entries.map(({ path, kind }) => relative(root, path) + (kind === 'file' ? '' : '/')),
      truncated,
    };
  }

  function plant(): void {
    mkdirSync(at('b', 'inner', 'deep'), { recursive: true });
    mkdirSync(at('.git', 'objects'), { recursive: true });
    writeFileSync(at('a'), '');
    writeFileSync(at('c'), '');
    writeFileSync(at('b', 'file'), '');
    symlinkSync('b', at('link'));
    symlinkSync('a', at('to-file'));
    symlinkSync('nowhere', at('dangling'));
    symlinkSync('ring', at('ring'));
    symlinkSync('..', at('b', 'up'));
    makeFifo(at('fifo'));
  }

  it('goes breadth first, sorted, without links and odd things', async () => {
    plant();
    assert.deepEqual(await names(all), {
      found: ['.git/', 'a', 'b/', 'c', '.git/objects/', 'b/file', 'b/inner/', 'b/inner/deep/'],
      truncated: false,
    });
  });

  it('stops at the depth without calling that truncated', async () => {
    plant();
    assert.deepEqual(await names({ ...all, maxDepth: 0 }), {
      found: ['.git/', 'a', 'b/', 'c'],
      truncated: false,
    });
    assert.deepEqual((await names({ ...all, maxDepth: 1 })).found.slice(4), [
      '.git/objects/',
      'b/file',
      'b/inner/',
    ]);
  });

  it('follows links to directories if asked, entering each real one once', async () => {
    plant();
    assert.deepEqual(await names(follow), {
      found: [
        '.git/',
        'a',
        'b/',
        'c',
        'link/',
        '.git/objects/',
        'b/file',
        'b/inner/',
        'b/up/',
        'b/inner/deep/',
      ],
      truncated: false,
    });
  });

  it('lists hidden directories but does not enter them if so asked', async () => {
    plant();
    assert.ok(!(await names({ ...all, pruneHiddenDirectories: true })).found.includes('.git/objects/'));
    const fromHidden = await names({ ...all, pruneHiddenDirectories: true }, at('.git'));
    assert.deepEqual(fromHidden.found, ['objects/']);
  });

  it('stops at the limits and says so', async () => {
    for (const name of ['a', 'b', 'c']) mkdirSync(at(name, 'x'), { recursive: true });
    assert.deepEqual(await names({ ...all, maxEntries: 2 }), { found: ['a/', 'b/'], truncated: true });
    assert.deepEqual(await names({ ...all, maxEntries: 6 }), {
      found: ['a/', 'b/', 'c/', 'a/x/', 'b/x/', 'c/x/'],
      truncated: false,
    });
    assert.deepEqual(await names({ ...all, maxDirectories: 2 }), {
      found: ['a/', 'b/', 'c/', 'a/x/'],
      truncated: true,
    });
    assert.equal((await names({ ...all, maxDirectories: 7 })).truncated, false);
  });

  it('refuses limits out of bounds before it looks at the path', async () => {
    const zero = 'filesystem walk limits must be greater than zero';
    const high = 'filesystem walk limits exceed maximums: depth=64, directories=10000, entries=50000';
    await refused(walked(at('missing'), { ...all, maxDirectories: 0 }), 'invalid', zero);
    await refused(walked(at('missing'), { ...all, maxEntries: 0 }), 'invalid', zero);
    await refused(walked(at('missing'), { ...all, maxDepth: 65 }), 'invalid', high);
    await refused(walked(at('missing'), { ...all, maxDirectories: 10_001 }), 'invalid', high);
    await refused(walked(at('missing'), { ...all, maxEntries: 50_001 }), 'invalid', high);
  });

  it('finds nothing in a file or an unfollowed link, and fails for a missing root', async () => {
    plant();
    const nothing = { found: [], truncated: false };
    assert.deepEqual(await names(all, at('a')), nothing);
    assert.deepEqual(await names(all, at('link')), nothing);
    assert.deepEqual(await names(follow, at('to-file')), nothing);
    assert.deepEqual((await names(follow, at('link'))).found.slice(0, 2), ['file', 'inner/']);
    await refused(walked(at('missing'), all), ...NOT_FOUND);
    await refused(walked(at('ring'), all), ...LINK_LOOP);
  });
});
