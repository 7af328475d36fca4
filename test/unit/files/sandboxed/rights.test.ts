import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import {
  canonicalize,
  copy,
  createDirectory,
  FileHandles,
  getMetadata,
  MissingWatches,
  readDirectory,
  readFile,
  remove,
  walk,
  writeFile,
  type PathOptions,
} from '../../../../src/files';
import type { Policy } from '../../../../src/sandbox';
import { onPath, pattern, policyOf, special } from '../../sandbox/support';
import { NOT_FOUND, refused, skipWithoutDescriptors, useTempDirectory } from '../support';

const READ_ONLY = ['other', 'Read-only file system (os error 30)'] as const;
const DENIED = ['invalid', 'Permission denied (os error 13)'] as const;

/** What changes something at a path, by name. */
const CHANGES: Record<
  string,
  (path: string, options: Required<Pick<PathOptions, 'policy'>>) => Promise<unknown>
> = {
  writeFile: (path, options) => writeFile(path, Buffer.from('new'), options),
  createDirectory: (path, options) => createDirectory(`${path}.d/inside`, options),
  remove: (path, options) => remove(path, { ...options, force: false }),
  'copy to it': (path, options) => copy('/etc/hostname', path, { recursive: false, ...options }),
  open: async (path, options) => {
    await using handles = new FileHandles();
    await handles.open('1', path, 'replace', options);
  },
};

/** What tells something of what is at a path. */
const READS: Record<string, (path: string, policy: Policy) => Promise<unknown>> = {
  readFile: (path, policy) => readFile(path, { policy }),
  getMetadata: (path, policy) => getMetadata(path, { policy }),
  canonicalize: (path, policy) => canonicalize(path, { policy }),
  'copy from it': (path, policy) => copy(path, `${path}.copy`, { recursive: true, policy }),
  open: async (path, policy) => {
    await using handles = new FileHandles();
    await handles.open('1', path, 'read', { policy });
  },
  watchMissing: async (path, policy) => {
    using watches = new MissingWatches(() => undefined);
    await watches.watch(1, [path], null, { policy });
  },
};

describe('files in a sandbox', () => {
  const temp = useTempDirectory();
  const room = { beforeMany: () => Promise.resolve(), maxEntries: 100 };
  let policy: Policy;

  before(skipWithoutDescriptors);

  beforeEach(async () => {
    for (const folder of ['w/.git', 'w/sub', 'w/secret', 'out']) mkdirSync(temp(folder), { recursive: true });
    for (const file of ['w/f', 'w/.git/config', 'w/secret/f', 'w/sub/.env', 'out/f'])
      writeFileSync(temp(file), 'old');
    symlinkSync('../out', temp('w/away'));
    symlinkSync('../out/f', temp('w/awayFile'));
    symlinkSync('secret', temp('w/toSecret'));
    policy = await policyOf(
      [
        special('root', 'read'),
        special('project_roots', 'write'),
        onPath(temp('w/secret'), 'deny'),
        pattern('codex-project-roots://**/.env'),
      ],
      { roots: [temp('w')] },
    );
  });

  for (const [name, change] of Object.entries(CHANGES)) {
    it(`${name}: inside, and nowhere else`, async () => {
      await change(temp('w/f'), { policy });
      const missing = name === 'remove' ? 'f' : 'x';
      for (const path of [
        `w/.git/${name === 'remove' ? 'config' : 'x'}`,
        `out/${missing}`,
        `w/away/${missing}`,
      ])
        await refused(change(temp(path), { policy }), ...READ_ONLY);
      for (const path of ['w/secret/f', 'w/toSecret/f', 'w/sub/.env'])
        if (name !== 'createDirectory' || path !== 'w/sub/.env')
          await refused(change(temp(path), { policy }), ...DENIED);
      for (const path of ['w/.git/config', 'w/secret/f', 'w/sub/.env', 'out/f'])
        assert.equal(readFileSync(temp(path), 'utf8'), 'old', path);
      assert.ok(!existsSync(temp('out/x')) && !existsSync(temp('out/x.d')));
    });
  }

  for (const name of ['writeFile', 'copy to it', 'open']) {
    it(`${name}: a link at the end leads no further than a path`, async () => {
      await refused(CHANGES[name]?.(temp('w/awayFile'), { policy }) ?? assert.fail(), ...READ_ONLY);
      assert.equal(readFileSync(temp('out/f'), 'utf8'), 'old');
      symlinkSync('f', temp('w/near'));
      await CHANGES[name]?.(temp('w/near'), { policy });
      assert.notEqual(readFileSync(temp('w/f'), 'utf8'), 'old');
    });
  }

  it('protected names do not come into being', async () => {
    await refused(createDirectory(temp('w/.codex'), { policy }), ...READ_ONLY);
    await refused(writeFile(temp('w/.agents'), Buffer.alloc(0), { policy }), ...READ_ONLY);
    await createDirectory(temp('w/sub/.git'), { policy });
    assert.ok(existsSync(temp('w/sub/.git')));
  });

  for (const [name, read] of Object.entries(READS)) {
    it(`${name}: nothing of what is denied, by whichever name`, async () => {
      await read(temp('w/f'), policy);
      for (const path of ['w/secret/f', 'w/secret/missing', 'w/toSecret/f', 'w/toSecret/missing'])
        await refused(read(temp(path), policy), ...DENIED);
      if (name !== 'getMetadata' && name !== 'canonicalize' && name !== 'watchMissing')
        await refused(read(temp('w/sub/.env'), policy), ...DENIED);
      await refused(read(`/proc/${process.pid}/environ`, policy), ...DENIED);
      await refused(read('/proc/self/environ', policy), ...DENIED);
      if (name !== 'watchMissing') await refused(read(temp('w/missing'), policy), ...NOT_FOUND);
    });
  }

  it('what is denied is there and of its kind, and no more is told', async () => {
    const folder = await getMetadata(temp('w/secret'), { policy });
    assert.deepEqual([folder.isDirectory, folder.modifiedAtMs], [true, 0]);
    const file = await getMetadata(temp('w/sub/.env'), { policy });
    assert.deepEqual([file.isFile, file.size, file.modifiedAtMs], [true, 0, 0]);
    await refused(readDirectory(temp('w/secret'), { ...room, policy }), ...DENIED);
  });

  it('lists follow links as far as the policy does', async () => {
    const names = [...(await readDirectory(temp('w'), { ...room, policy }))].map(({ fileName }) => fileName);
    assert.deepEqual(names.sort(), ['.git', 'away', 'awayFile', 'f', 'secret', 'sub', 'toSecret']);
    const [found, errors]: [string[], string[]] = [[], []];
    const sink = {
      entry: (path: string | Buffer) => found.push(path.toString()) > 0,
      error: (path: string | Buffer, message: string) => errors.push(`${path.toString()}: ${message}`) > 0,
      beforeMany: () => Promise.resolve(),
    };
    const limits = { maxDepth: 9, maxDirectories: 99, maxEntries: 99 };
    await walk(temp('w'), { ...limits, followDirectorySymlinks: true, policy }, sink);
    assert.ok(found.includes(temp('w/away/f')) && !found.some((path) => path.includes('secret/f')));
    assert.match(errors.join('\n'), /secret: Permission denied/);
  });

  it('a folder is neither removed nor copied above what is carved out of it', async () => {
    for (const path of ['w', '']) {
      await assert.rejects(remove(temp(path), { policy }), /Read-only|may/);
      await assert.rejects(
        copy(temp(path), temp('w/sub/copy'), { recursive: true, policy }),
        /refused|itself/,
      );
    }
    await assert.rejects(remove(temp('w/sub'), { policy }), /Permission denied/);
    assert.ok(existsSync(temp('w/sub/.env')) && existsSync(temp('w/secret/f')));
    mkdirSync(temp('w/plain/deep'), { recursive: true });
    writeFileSync(temp('w/plain/deep/f'), 'old');
    symlinkSync(temp('out'), temp('w/plain/away'));
    await copy(temp('w/plain'), temp('w/copied'), { recursive: true, policy });
    assert.equal(readFileSync(temp('w/copied/deep/f'), 'utf8'), 'old');
    await remove(temp('w/plain'), { policy });
    assert.ok(!existsSync(temp('w/plain')) && existsSync(temp('out/f')));
  });

  it('nothing is changed above what is carved out, not even what may be', async () => {
    mkdirSync(temp('w/holder/kept'), { recursive: true });
    for (const file of ['w/holder/a', 'w/holder/kept/f']) writeFileSync(temp(file), 'old');
    const entries = [special('root', 'read'), special('project_roots', 'write')];
    const narrow = await policyOf([...entries, onPath(temp('w/holder/kept'), 'deny')], {
      roots: [temp('w')],
    });
    await assert.rejects(
      remove(temp('w/holder'), { policy: narrow }),
      /kept may neither be read nor changed/,
    );
    const copied = copy(temp('w/holder'), temp('w/copied'), { recursive: true, policy: narrow });
    await assert.rejects(copied, /kept may neither be read nor changed/);
    assert.ok(existsSync(temp('w/holder/a')) && !existsSync(temp('w/copied')));
  });

  it('a link that is denied by its name leads nowhere', async () => {
    mkdirSync(temp('w/other'));
    symlinkSync('../f', temp('w/other/.env'));
    await refused(readFile(temp('w/other/.env'), { policy }), ...DENIED);
    await refused(writeFile(temp('w/other/.env'), Buffer.from('new'), { policy }), ...DENIED);
    assert.equal((await readFile(temp('w/f'), { policy })).toString(), 'old');
  });

  it('a copy follows no link that stands where it is to write', async () => {
    mkdirSync(temp('w/from'));
    writeFileSync(temp('w/from/f'), 'new');
    mkdirSync(temp('w/to'));
    symlinkSync(temp('out/f'), temp('w/to/f'));
    await refused(copy(temp('w/from'), temp('w/to'), { recursive: true, policy }), ...READ_ONLY);
    assert.equal(readFileSync(temp('out/f'), 'utf8'), 'old');
  });

  it('.. behind a link is that of the folder it leads to', async () => {
    mkdirSync(temp('w/sub/deep'));
    symlinkSync('sub/deep', temp('w/short'));
    symlinkSync('short/../near', temp('w/round'));
    await writeFile(temp('w/round'), Buffer.from('new'), { policy });
    assert.equal(readFileSync(temp('w/sub/near'), 'utf8'), 'new');
  });

  it('a ring of links is told as such, and links can be refused altogether', async () => {
    symlinkSync('ring', temp('w/ring'));
    await refused(readFile(temp('w/ring'), { policy }), 'other', 'Symbolic link loop (os error 40)');
    const options = { policy, followSymlinks: false };
    await assert.rejects(readFile(temp('w/toSecret/f'), options), /Not a directory/);
    await assert.rejects(readFile(temp('w/awayFile'), options), /Symbolic link loop/);
    assert.equal((await readFile(temp('w/f'), options)).toString(), 'old');
  });
});
