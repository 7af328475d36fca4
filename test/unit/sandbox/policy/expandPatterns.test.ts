import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { expandPatterns } from '../../../../src/sandbox';
import { decodeSandbox, resolvePolicy } from '../../../../src/sandbox';
import { diskLook, onPath, pattern, sandboxOf, special, Tree, type Entry } from '../support';

const ENV = pattern('codex-project-roots://**/*.env');

async function expanded(tree: Tree, entries: Entry[], files = {}, look = diskLook()) {
  const all = [special('root', 'read'), special('project_roots', 'write'), ...entries];
  const sandbox = sandboxOf(all, { workspaceRoots: [`file://${tree.at('w')}`] }, files);
  const policy = await resolvePolicy(decodeSandbox(sandbox), { tmpdir: undefined, platform: 'linux' }, look);
  return expandPatterns(policy, look);
}

async function denied(...args: Parameters<typeof expanded>): Promise<string[]> {
  const policy = await expanded(...args);
  const found = policy.entries.filter(({ access }) => access === 'deny');
  return found.map(({ path }) => path.slice(args[0].root.length + 1));
}

describe('patterns as paths', () => {
  it('are what is there and matches, links by what they lead to', async () => {
    await using tree = await Tree.make(['w/.env', 'w/a/b/x.env', 'w/a/env', 'real']);
    await symlink('../real', tree.at('w/l.env'));
    await symlink('nowhere', tree.at('w/n.env'));
    assert.deepEqual(await denied(tree, [ENV]), ['real', 'w/.env', 'w/a/b/x.env']);
  });

  it('are looked for as deep as the request says', async () => {
    await using tree = await Tree.make(['w/1.env', 'w/a/2.env', 'w/a/b/3.env']);
    assert.deepEqual(await denied(tree, [ENV], { glob_scan_max_depth: 2 }), ['w/1.env', 'w/a/2.env']);
  });

  it('stop at a folder that matches, but for what is opened in it again', async () => {
    await using tree = await Tree.make(['w/x.env/1.env', 'w/x.env/open/2.env', 'w/x.env/open/3']);
    assert.deepEqual(await denied(tree, [ENV]), ['w/x.env']);
    const policy = await expanded(tree, [ENV, onPath(tree.at('w/x.env/open'), 'read')]);
    const access = (path: string) => policy.accessOf(tree.at('w/x.env', path));
    assert.deepEqual(['1.env', 'open/2.env', 'open/3'].map(access), ['deny', 'deny', 'read']);
  });

  it('are refused for a tree that is too large, or a name that no argument can hold', async () => {
    await using tree = await Tree.make(['w/x']);
    const many = Array.from({ length: 200_001 }, (_, at) => ({ name: `${at}`, isFolder: false }));
    const large = { ...diskLook(), list: async () => many };
    await assert.rejects(expanded(tree, [ENV], {}, large), /200000 names/);
    const strange = {
      ...diskLook(),
      list: async () => [{ name: Buffer.from('\xff.env', 'latin1'), isFolder: false }],
    };
    await assert.rejects(expanded(tree, [ENV], {}, strange), /no UTF-8/);
    const matching = {
      ...large,
      list: async () => many.slice(0, 2000).map(({ name }) => ({ name: `${name}.env`, isFolder: false })),
      at: async () => ({ kind: 'file' as const }),
    };
    const folders = {
      ...matching,
      at: async (path: string) =>
        path.endsWith('.env') ? ({ kind: 'file' } as const) : ({ kind: 'folder' } as const),
    };
    await assert.rejects(expanded(tree, [ENV], {}, folders), /more than 1000 paths/);
  });
});
