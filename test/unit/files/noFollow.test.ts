import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { checkParents, refuseLink, withoutLinks } from '../../../src/files/noFollow';
import { LINK_LOOP, NOT_A_DIRECTORY, NOT_FOUND, refused, useTempDirectory } from './support';
import { asFsErrors } from '../../../src/files/osError';

/** Both ways to keep links out: by descriptors and, where those cannot be walked, by looking. */
const ways: Record<string, (path: string, create: boolean) => Promise<unknown>> = {
  'by descriptors': (path, create) => withoutLinks(path, () => Promise.resolve(), { create }),
  'by looking': (path, create) => checkParents(path, { create }),
};

for (const [name, way] of Object.entries(ways)) {
  describe(`files: paths without links, ${name}`, () => {
    const at = useTempDirectory();

    it('lets directories pass and refuses links, files and gaps', async () => {
      mkdirSync(at('a', 'b'), { recursive: true });
      writeFileSync(at('file'), '');
      symlinkSync('a', at('link'));
      symlinkSync('nowhere', at('dangling'));
      await way(at('a', 'b', 'anything'), false);
      await way(at('link'), false);
      await way('/', false);
      for (const part of ['link', 'dangling', 'file']) {
        await refused(
          asFsErrors(() => way(at(part, 'b', 'x'), false)),
          ...NOT_A_DIRECTORY,
        );
        await refused(
          asFsErrors(() => way(at(part, 'x'), true)),
          ...NOT_A_DIRECTORY,
        );
      }
      await refused(
        asFsErrors(() => way(at('a', 'gap', 'x'), false)),
        ...NOT_FOUND,
      );
    });

    it('makes what is missing on the way if so asked', async () => {
      await Promise.all([1, 2, 3].map(() => way(at('p', 'q', 'last'), true)));
      assert.ok(statSync(at('p', 'q')).isDirectory());
      assert.deepEqual(readdirSync(at('p', 'q')), []);
    });
  });
}

describe('files: paths without links', () => {
  const at = useTempDirectory();

  it('give every descriptor back', async function () {
    if (process.platform !== 'linux') this.skip();
    mkdirSync(at('a', 'b'), { recursive: true });
    const { length } = readdirSync('/proc/self/fd');
    for (const path of [at('a', 'b', 'x'), at('gap', 'b', 'x')]) {
      await withoutLinks(path, () => Promise.reject(new Error('odd'))).catch(() => undefined);
    }
    assert.equal(readdirSync('/proc/self/fd').length, length);
  });

  it('refuse a link in the last place where the system cannot', async () => {
    symlinkSync('a', at('link'));
    await refused(refuseLink(at('link')), ...LINK_LOOP);
    await refuseLink(at('missing'));
  });
});
