import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { copy, createDirectory, readFile, remove, writeFile } from '../../../../src/files';
import type { Policy } from '../../../../src/sandbox';
import { policyOf, onPath, special } from '../../sandbox/support';
import { skipWithoutDescriptors, useTempDirectory, whileFlipping } from '../support';

const ROUNDS = 150;

describe('files in a sandbox, while a folder turns into a link and back', function () {
  this.timeout(60_000);
  const temp = useTempDirectory();
  let policy: Policy;

  before(skipWithoutDescriptors);

  beforeEach(async () => {
    for (const folder of ['w/folder', 'w/from', 'out']) mkdirSync(temp(folder), { recursive: true });
    for (const file of ['w/folder/f', 'w/from/f']) writeFileSync(temp(file), 'inside');
    writeFileSync(temp('out/f'), 'outside');
    symlinkSync(temp('out'), temp('w/link'));
    policy = await policyOf([
      onPath(temp('w'), 'write'),
      onPath(temp('out'), 'deny'),
      special('minimal', 'read'),
    ]);
  });

  const attempts: Record<string, (path: string) => Promise<unknown>> = {
    writeFile: (path) => writeFile(`${path}/f`, Buffer.from('inside'), { policy }),
    createDirectory: (path) => createDirectory(`${path}/made/deep`, { policy }),
    'copy to it': (path) => copy(temp('w/from'), path, { recursive: true, policy }),
    'remove of a file': (path) => remove(`${path}/f`, { policy }),
    'remove of the folder': (path) => remove(path, { policy }),
  };

  for (const [name, attempt] of Object.entries(attempts)) {
    it(`${name}: nothing outside is touched`, async () => {
      let done = 0;
      await whileFlipping(temp('w/folder'), temp('w/link'), async () => {
        for (let round = 0; round < ROUNDS; round++)
          await attempt(temp('w/folder')).then(
            () => done++,
            () => undefined,
          );
      });
      assert.ok(done > 0, 'none succeeded');
      assert.deepEqual(readdirSync(temp('out')), ['f']);
      assert.equal(readFileSync(temp('out/f'), 'utf8'), 'outside');
    });
  }

  it('readFile: nothing that is denied is read', async () => {
    let done = 0;
    await whileFlipping(temp('w/folder'), temp('w/link'), async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const content = await readFile(temp('w/folder/f'), { policy }).catch(() => undefined);
        if (content) done++;
        assert.notEqual(content?.toString(), 'outside');
      }
    });
    assert.ok(done > 0, 'none succeeded');
  });
});
