import assert from 'node:assert/strict';
import { rename, symlink } from 'node:fs/promises';
import fc from 'fast-check';
import { diskLook, onPath, pattern, policyOf, special, Tree } from '../support';

const READ_ALL = special('root', 'read');
const WORKSPACE = [READ_ALL, special('project_roots', 'write')];

describe('a resolved sandbox policy', () => {
  it('lets a workspace be written but for its protected names, there or not', async () => {
    await using tree = await Tree.make(['w/.git/config', 'w/sub/.git/config', 'out/file']);
    const policy = await policyOf(WORKSPACE, { roots: [tree.at('w')] });
    const access = (path: string) => policy.accessOf(tree.at(path));
    for (const path of ['w', 'w/new', 'w/sub/.git/config', 'w/.gitignore', 'w/.git2'])
      assert.equal(access(path), 'write', path);
    for (const path of ['out/file', 'w/.git', 'w/.git/config', 'w/.agents', 'w/.codex/config.toml', 'w/.aws'])
      assert.equal(access(path), 'read', path);
    assert.equal(policy.base, 'all-read');
    const missing = policy.entries.filter(({ kind }) => kind === 'missing').map(({ path }) => path);
    assert.deepEqual(
      missing,
      ['.agents', '.aws', '.codex'].map((name) => tree.at('w', name)),
    );
  });

  it('opens a protected name that an entry names exactly, and only that one', async () => {
    await using tree = await Tree.make(['w/.git/config', 'w/.codex/x']);
    const git = special('project_roots', 'write', { subpath: '.git' });
    const policy = await policyOf([...WORKSPACE, git], { roots: [tree.at('w')] });
    assert.equal(policy.accessOf(tree.at('w/.git/config')), 'write');
    assert.equal(policy.accessOf(tree.at('w/.codex/x')), 'read');
    await symlink('w/.git', tree.at('.git'));
    const linked = await policyOf([...WORKSPACE, git], { roots: [tree.root] });
    assert.equal(linked.accessOf(tree.at('.git')), 'write', 'its link may be replaced too');
  });

  it('lets the most specific entry decide, in whatever order they come', async () => {
    await using tree = await Tree.make(['w/a/b/c/d', 'w/x']);
    const at = (name: string) => tree.at(name);
    const entries = [
      READ_ALL,
      onPath(at('w'), 'write'),
      onPath(at('w/a'), 'deny'),
      onPath(at('w/a/b'), 'read'),
      onPath(at('w/a/b/c'), 'write'),
      onPath(at('w/x'), 'write'),
      onPath(at('w/x'), 'read'),
      onPath(at('w/x'), 'none'),
    ];
    const wanted = {
      'w/n': 'write',
      'w/a': 'deny',
      'w/a/z': 'deny',
      'w/a/b/y': 'read',
      'w/a/b/c/d': 'write',
    };
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (order) => {
        const policy = await policyOf(order);
        for (const [path, access] of Object.entries({ ...wanted, 'w/x': 'deny' }))
          assert.equal(policy.accessOf(at(path)), access, path);
      }),
      { numRuns: 50 },
    );
  });

  it('gives two names of one folder one rule, and guards a link that is a protected name', async () => {
    await using tree = await Tree.make(['real/file', 'w/', 'repo/config']);
    await symlink(tree.at('real'), tree.at('name'));
    await symlink('../repo', tree.at('w/.git'));
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('name'), 'deny'),
      onPath(tree.root, 'write'),
      onPath(tree.at('w'), 'write'),
    ]);
    assert.equal(policy.accessOf(tree.at('real/file')), 'deny');
    assert.equal(policy.accessOf(tree.at('w/.git')), 'read');
    assert.equal(policy.accessOf(tree.at('repo/config')), 'read');
    assert.equal(policy.entries.find(({ path }) => path === tree.at('w/.git'))?.kind, 'link');
  });

  it('names a workspace by a link in a writable folder without guarding that link', async () => {
    await using tree = await Tree.make(['w/.git/config']);
    await symlink('w', tree.at('link'));
    const git = special('project_roots', 'read', { subpath: '.git' });
    const policy = await policyOf([...WORKSPACE, git, onPath(tree.root, 'write')], {
      roots: [tree.at('link')],
    });
    assert.equal(policy.accessOf(tree.at('w/.git/config')), 'read');
    assert.deepEqual(
      policy.entries.filter(({ kind }) => kind === 'link'),
      [],
    );
  });

  it('keeps the repository of a work tree read-only where it could be written', async () => {
    await using tree = await Tree.make(['main/git/worktrees/w/HEAD', 'w/']);
    await tree.add('w/.git', `gitdir: ../main/git/worktrees/w\n`);
    const inside = await policyOf([
      READ_ALL,
      onPath(tree.at('main'), 'write'),
      onPath(tree.at('w'), 'write'),
    ]);
    assert.equal(inside.accessOf(tree.at('main/git/worktrees/w/HEAD')), 'read');
    assert.equal(inside.accessOf(tree.at('main/git/other')), 'write');
    assert.equal(inside.accessOf(tree.at('w/.git')), 'read');
    const narrow = await policyOf([onPath(tree.at('w'), 'write')]);
    assert.equal(narrow.accessOf(tree.at('main/git/worktrees/w/HEAD')), 'deny', 'no right by a pointer');
  });

  it('grants nothing for a writable path that is missing, and blocks the first missing part of others', async () => {
    await using tree = await Tree.make(['w/there/']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('other/new'), 'write'),
      onPath(tree.at('w/a/b/c'), 'deny'),
      onPath(tree.at('w/there/docs/x'), 'read'),
      onPath(tree.at('w/skipped'), 'read', { missing_path_behavior: 'skip' }),
      onPath(tree.at('gone/x'), 'deny'),
    ]);
    assert.equal(policy.accessOf(tree.at('other/new')), 'read');
    assert.equal(policy.accessOf(tree.at('w/a')), 'deny');
    assert.equal(policy.accessOf(tree.at('w/there/docs')), 'read');
    assert.equal(policy.accessOf(tree.at('w/there/other')), 'write');
    assert.equal(policy.accessOf(tree.at('w/skipped')), 'write');
    assert.equal(policy.accessOf(tree.at('gone')), 'read', 'nothing can come into being there');
  });

  it('calls a placeholder of another sandbox missing', async () => {
    await using tree = await Tree.make(['w/.codex/']);
    const look = diskLook(new Set([tree.at('w/.codex')]));
    const policy = await policyOf(WORKSPACE, { roots: [tree.at('w')], look });
    assert.equal(policy.entries.find(({ path }) => path.endsWith('.codex'))?.kind, 'missing');
  });

  it('has a base of everything, of the system, or of nothing', async () => {
    await using tree = await Tree.make(['w/.git/x', 'secret/x']);
    const write = await policyOf([special('root', 'write'), onPath(tree.at('secret'), 'deny')]);
    assert.equal(write.accessOf(tree.at('w/.git/x')), 'write');
    assert.equal(write.accessOf(tree.at('secret/x')), 'deny');
    assert.deepEqual(
      write.entries.map(({ path }) => path),
      [tree.at('secret')],
    );
    const platform = await policyOf([special('minimal', 'read'), onPath(tree.at('w'), 'read')]);
    assert.deepEqual([platform.base, platform.accessOf('/usr/bin/env')], ['platform', 'read']);
    assert.deepEqual([platform.accessOf(tree.at('w/x')), platform.accessOf('/var/x')], ['read', 'deny']);
    const nothing = await policyOf([READ_ALL, special('root', 'deny'), onPath(tree.at('w'), 'read')]);
    assert.deepEqual(
      [nothing.base, nothing.accessOf('/usr'), nothing.accessOf(tree.at('w'))],
      ['nothing', 'deny', 'read'],
    );
  });

  it('takes TMPDIR only if it is an absolute folder', async () => {
    await using tree = await Tree.make(['t/']);
    const writable = async (tmp: string) =>
      (await policyOf([READ_ALL, special('tmpdir', 'write')], { tmp })).accessOf(tree.at('t/x'));
    assert.deepEqual([await writable(tree.at('t')), await writable('t')], ['write', 'read']);
  });

  it('denies what a pattern matches on the whole path, but not a more specific entry', async () => {
    await using tree = await Tree.make(['w/a/.env', 'w/x.env/open/.git/x', 'w/x.env/shut']);
    const policy = await policyOf(
      [...WORKSPACE, pattern('codex-project-roots://**/*.env'), onPath(tree.at('w/x.env/open'), 'write')],
      { roots: [tree.at('w')] },
    );
    const access = (path: string) => policy.accessOf(tree.at(path));
    for (const path of ['w/a/.env', 'w/later/.env', 'w/x.env', 'w/x.env/shut', 'w/x.env/.git'])
      assert.equal(access(path), 'deny', path);
    assert.equal(access('w/x.env/open/y'), 'write');
    assert.equal(access('w/x.env/open/.git/x'), 'read');
    assert.equal(access('w/env'), 'write');
    const strange = Buffer.concat([Buffer.from(tree.at('w/')), Buffer.from([0xff]), Buffer.from('.env')]);
    assert.equal(policy.accessOf(strange), 'deny', 'bytes that are no UTF-8');
  });

  it('tells the bytes of a name from a name that looks like them', async () => {
    await using tree = await Tree.make(['w/\uFFFD/\uFFFD/']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w/%EF%BF%BD'), 'read'),
      onPath(tree.at('w/%EF%BF%BD/%EF%BF%BD'), 'write'),
    ]);
    assert.equal(policy.accessOf(tree.at('w/\uFFFD/\uFFFD')), 'write');
    assert.equal(policy.accessOf(Buffer.from(tree.at('w/\uFFFD/\uFFFD'))), 'write');
    const other = Buffer.concat([Buffer.from(tree.at('w/\uFFFD/')), Buffer.from([0xff])]);
    assert.equal(policy.accessOf(other), 'read');
  });

  it('gives nothing for what a file stands in the way of, and shuts that file for what is denied', async () => {
    await using tree = await Tree.make(['w/f', 'o/f']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('o/f/x'), 'write'),
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('w/f/x'), 'deny'),
    ]);
    assert.equal(policy.accessOf(tree.at('o/f')), 'read');
    assert.equal(policy.accessOf(tree.at('w/f')), 'deny');
  });

  it('opens nothing in a writable folder that a pattern denies', async () => {
    await using tree = await Tree.make(['w/.git/x']);
    const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write'), pattern(tree.at('*w'))]);
    assert.equal(policy.accessOf(tree.at('w/.git/x')), 'deny');
  });

  it('tells what a change of a whole folder would hit', async () => {
    await using tree = await Tree.make(['w/a/x', 'w/b/']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('w/a/x'), 'deny'),
    ]);
    assert.equal(policy.restrictedBelow(tree.at('w/a'))?.path, tree.at('w/a/x'));
    assert.equal(policy.restrictedBelow(tree.at('w/b')), undefined);
  });

  it('is about the disk as it is then', async () => {
    await using tree = await Tree.make(['w/', 'kept/']);
    const entries = [READ_ALL, onPath(tree.at('w'), 'write')];
    await rename(tree.at('w'), tree.at('gone'));
    assert.equal((await policyOf(entries)).accessOf(tree.at('w')), 'read');
  });
});
