import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { copy, remove, type WalkOptions } from '../../../src/files';
import { watchedFolder } from '../../../src/files/folder';
import {
  NOT_A_DIRECTORY,
  refused,
  skipWithoutDescriptors,
  useTempDirectory,
  walked,
  whileFlipping,
} from './support';
import { asFsErrors } from '../../../src/files/osError';

const ALL: WalkOptions = {
  maxDepth: 64,
  maxDirectories: 10_000,
  maxEntries: 50_000,
  followDirectorySymlinks: false,
};

/** Sixty rounds of it, on a machine that may have other work. */
const RACES_MS = 600_000;

describe('files: what turns into a link or a FIFO meanwhile', function () {
  this.timeout(RACES_MS);
  before(skipWithoutDescriptors);
  const at = useTempDirectory();
  const ROUNDS = 60;
  const FILES = 40;

  function fill(folder: string, prefix: string): void {
    mkdirSync(folder, { recursive: true });
    for (let index = 0; index < FILES; index += 1) writeFileSync(`${folder}/${prefix}${index}`, prefix);
  }

  it('nothing behind a link is removed', async () => {
    // The same names, so that one of them removed through the link is enough.
    fill(at('kept'), 'x');
    for (let round = 0; round < ROUNDS; round += 1) {
      fill(at('tree', 'sub'), 'x');
      symlinkSync(at('kept'), at('link'));
      await whileFlipping(at('tree', 'sub'), at('link'), () =>
        remove(at('tree')).catch((error: unknown) => assert.match(String(error), /os error/)),
      );
      assert.equal(readdirSync(at('kept')).length, FILES, `round ${round}`);
      for (const name of ['tree', 'link']) rmSync(at(name), { recursive: true, force: true });
    }
  });

  it('nothing behind a link is walked or copied', async () => {
    fill(at('secret', 'deep'), 'secret');
    fill(at('tree', 'sub', 'deep'), 'x');
    symlinkSync(at('secret'), at('link'));
    await whileFlipping(at('tree', 'sub'), at('link'), async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { entries } = await walked(at('tree'), ALL);
        assert.ok(!entries.some(({ path }) => path.includes('secret')), `walk ${round}`);
        await copy(at('tree'), at(`copy${round}`), { recursive: true }).catch((error: unknown) =>
          assert.match(String(error), /os error/),
        );
        const found = execFileSync('find', [at(`copy${round}`)], { encoding: 'utf8' });
        assert.ok(!found.includes('secret'), `copy ${round}`);
      }
    });
  });

  /** They are copied in two ways. */
  const SIZES = [
    ['small', 'content'],
    ['large', 'content'.repeat(20_000)],
  ] as const;
  for (const [size, content] of SIZES) {
    it(`no link that takes the place of a ${size} file is followed by a copy of its folder`, async () => {
      mkdirSync(at('tree'));
      writeFileSync(at('tree', 'file'), content);
      writeFileSync(at('secret'), content.replace('content', 'secrets'));
      symlinkSync(at('secret'), at('link'));
      const copied = at('copy', 'file');
      await whileFlipping(at('tree', 'file'), at('link'), async () => {
        for (let round = 0; round < 5 * ROUNDS; round += 1) {
          await copy(at('tree'), at('copy'), { recursive: true }).catch((error: unknown) =>
            assert.match(String(error), /os error|only supports/),
          );
          const isFile = lstatSync(copied, { throwIfNoEntry: false })?.isFile();
          if (isFile) assert.doesNotMatch(readFileSync(copied, 'utf8'), /secrets/, `round ${round}`);
          rmSync(at('copy'), { recursive: true, force: true });
        }
      });
    });

    it(`no copy of a ${size} file waits for a FIFO`, async () => {
      writeFileSync(at('file'), content);
      execFileSync('mkfifo', [at('fifo')]);
      await whileFlipping(at('file'), at('fifo'), async () => {
        for (let round = 0; round < 10 * ROUNDS; round += 1) {
          await copy(at('file'), at('copy'), { recursive: false }).catch((error: unknown) =>
            assert.match(String(error), /os error|only supports/),
          );
        }
      });
      if (existsSync(at('copy'))) assert.ok([content, ''].includes(readFileSync(at('copy'), 'utf8')));
    });
  }

  it('where descriptors cannot be walked, another directory or a link in the place is seen by looking', async () => {
    for (const way of ['link', 'directory']) {
      mkdirSync(at(way, 'sub'), { recursive: true });
      const folder = await watchedFolder(at(way), false);
      await folder.enter(Buffer.from('sub'));
      renameSync(at(way), at(`${way}-aside`));
      if (way === 'link') symlinkSync(at('link-aside'), at(way));
      else mkdirSync(at(way, 'sub'), { recursive: true });
      const options = { which: 'all', max: 1, follow: false } as const;
      for (const use of [
        () => folder.list(options),
        () => folder.entry(Buffer.from('x')),
        () => folder.enter(Buffer.from('sub')),
      ]) {
        await refused(asFsErrors<unknown>(use), ...NOT_A_DIRECTORY);
      }
    }
  });
});
