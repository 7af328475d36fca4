import assert from 'node:assert/strict';
import { dirname } from 'node:path/posix';
import fc from 'fast-check';
import { resolvePolicy, type FileLook } from '../../../../src/sandbox';

const RUNS = 10_000;
const ACCESS = ['read', 'write', 'deny'] as const;
type Access = (typeof ACCESS)[number];
interface Rule {
  readonly path: string;
  readonly access: Access;
}

/** A disk on which every name is a folder. */
const look: FileLook = {
  at: () => Promise.resolve({ kind: 'folder' }),
  list: () => Promise.resolve([]),
  read: () => Promise.resolve(undefined),
};
const path = fc
  .array(fc.constantFrom('a', 'b', '.git', '.codex'), { minLength: 1, maxLength: 5 })
  .map((names) => `/${names.join('/')}`);
const rule = fc.record({ path, access: fc.constantFrom(...ACCESS) });

/** The same by hand: from the root down, the strongest rule of each folder, and the protected names. */
function plainAnswer(root: Access, rules: readonly Rule[], asked: string): Access {
  let answer = root;
  const names = asked.slice(1).split('/');
  for (const at of names.map((_, last) => `/${names.slice(0, last + 1).join('/')}`)) {
    const here = rules.filter((one) => one.path === at).map(({ access }) => access);
    const strongest = (['deny', 'write', 'read'] as const).find((access) => here.includes(access));
    const isProtected =
      /\/\.(git|codex)$/.test(at) && rules.some((one) => one.access === 'write' && one.path === dirname(at));
    if (strongest) answer = strongest;
    else if (isProtected && answer === 'write') answer = 'read';
  }
  return answer;
}

describe('random policies', () => {
  it('answer as their rules say, one by one', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('read', 'write'),
        fc.array(rule, { maxLength: 6 }),
        fc.array(path, { minLength: 1, maxLength: 8 }),
        async (root, rules, paths) => {
          const request = {
            files: {
              rules: [
                { place: 'root', access: root } as const,
                ...rules.map((one) => ({ place: { path: one.path }, access: one.access })),
              ],
            },
            network: false,
          };
          const policy = await resolvePolicy(request, { tmpdir: undefined, platform: 'linux' }, look);
          for (const asked of paths)
            assert.equal(policy.accessOf(asked), plainAnswer(root, rules, asked), asked);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
