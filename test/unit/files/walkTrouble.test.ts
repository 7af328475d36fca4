import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import type { WalkOptions } from '../../../src/files';
import { NOT_FOUND, unprivileged, useTempDirectory, walked } from './support';

const all: WalkOptions = {
  maxDepth: 64,
  maxDirectories: 10_000,
  maxEntries: 50_000,
  followDirectorySymlinks: false,
};

describe('files: walk through trouble', () => {
  const at = useTempDirectory();

  it('goes on when directories vanish on the way', async () => {
    for (let index = 0; index < 300; index += 1)
      mkdirSync(at('many', String(index), 'x'), { recursive: true });
    mkdirSync(at('stays', 'x'), { recursive: true });
    const walking = walked(at(), all);
    rmSync(at('many'), { recursive: true });
    const { entries, errors, truncated } = await walking;
    assert.equal(truncated, false);
    assert.ok(entries.some(({ path }) => path === at('stays', 'x')));
    for (const { message } of errors) assert.equal(message, NOT_FOUND[1]);
  });

  it('reports directories that may not be read and goes on', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(at('closed'));
    mkdirSync(at('open', 'x'), { recursive: true });
    chmodSync(at('closed'), 0);
    await unprivileged([at(), at('closed')], async () => {
      const { entries, errors } = await walked(at(), all);
      assert.equal(entries.length, 3);
      assert.deepEqual(errors, [{ path: at('closed'), message: 'Permission denied (os error 13)' }]);
    });
  });

  it('keeps the bytes of names that are not UTF-8, and enters them', async function () {
    if (process.platform !== 'linux') this.skip();
    const odd = Buffer.concat([Buffer.from(at('odd-')), Buffer.from([0xff])]);
    mkdirSync(Buffer.concat([odd, Buffer.from('/x')]), { recursive: true });
    const { entries } = await walked(at(), all);
    assert.deepEqual(entries[0], { path: at('odd-\ufffd'), kind: 'directory', bytes: odd });
    assert.equal(entries.length, 2);
  });
});
