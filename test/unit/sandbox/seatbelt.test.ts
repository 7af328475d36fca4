import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { seatbeltProfile, type Policy } from '../../../src/sandbox';
import { onPath, policyOf, special, Tree } from './support';

const READ_ALL = special('root', 'read');

/** What the rules of files in a profile say of a path; the last one that fits decides. */
function decide(
  { profile, parameters }: ReturnType<typeof seatbeltProfile>,
  action: string,
  path: string,
): boolean {
  const values = new Map(
    parameters.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  let allowed = false;
  for (const line of profile.split('\n')) {
    const rule = /^\((allow|deny) ([a-z*\- ]*?)(?: \((subpath|literal) \(param "(\w+)"\)\))?\)$/.exec(line);
    if (
      !rule?.[2]
        ?.split(' ')
        .some((name) => name === action || (name.endsWith('*') && action.startsWith(name.slice(0, -1))))
    )
      continue;
    const value = rule[4] === undefined ? undefined : values.get(rule[4])!;
    const fits =
      value === undefined || path === value || (rule[3] === 'subpath' && path.startsWith(`${value}/`));
    if (fits) allowed = rule[1] === 'allow';
  }
  return allowed;
}

function agrees(policy: Policy, path: string): void {
  const profile = seatbeltProfile(policy);
  const access = policy.accessOf(path);
  const found = ['file-read-data', 'file-write-data'].map((action) => decide(profile, action, path));
  assert.deepEqual(found, [access !== 'deny', access === 'write'], `${access} ${path}`);
}

describe('a seatbelt profile', () => {
  it('says what the policy says', async () => {
    await using tree = await Tree.make(['w/a/b/f', 'w/.git/x', 'o/f']);
    const places = ['w', 'w/a', 'w/a/b', 'w/a/b/f', 'w/.git', 'w/.codex', 'w/new/x', 'o', 'o/f'].map((name) =>
      tree.at(name),
    );
    const bases = fc.constantFrom(READ_ALL, special('root', 'write'), special('minimal', 'read'));
    const entry = fc.tuple(fc.constantFrom(...places), fc.constantFrom('read', 'write', 'deny'));
    await fc.assert(
      fc.asyncProperty(bases, fc.array(entry, { maxLength: 6 }), async (base, entries) => {
        const policy = await policyOf([base, ...entries.map(([path, access]) => onPath(path, access))]);
        for (const path of [...places, tree.at('x'), tree.at('w/a/y'), '/var/z']) agrees(policy, path);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps links and folders around what is protected from being moved', async () => {
    await using tree = await Tree.make(['w/a/secret', 'git/']);
    symlinkSync('../git', tree.at('w/.git'));
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('w/a/secret'), 'deny'),
    ]);
    const profile = seatbeltProfile(policy);
    const unlink = (path: string) => decide(profile, 'file-write-unlink', tree.at(path));
    assert.deepEqual(['w/.git', 'w/a', 'w/a/secret', 'w/a/other'].map(unlink), [false, false, false, true]);
  });

  it('holds no path, however it is called, and the network only if it is allowed', async () => {
    await using tree = await Tree.make(['w")(allow default)/']);
    const policy = await policyOf([READ_ALL, onPath(`${tree.root}/w%22)(allow%20default)`, 'write')]);
    const { profile, parameters } = seatbeltProfile(policy);
    assert.ok(
      !profile.includes('allow default') && !profile.includes(tree.root) && !profile.includes('network'),
    );
    assert.ok(parameters.some((text) => text.endsWith('/w")(allow default)')));
    assert.equal(profile.split('(').length, profile.split(')').length);
  });
});
