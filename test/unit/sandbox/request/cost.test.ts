import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { decodeSandbox, resolvePolicy, SandboxRefusal } from '../../../../src/sandbox';
import { diskLook, onPath, pattern, sandboxOf, special, Tree, type Entry } from '../support';

/** Times the processor time of what people have: without bounds, these take hundreds to thousands of times as much. */
const MOST_TIMES = 30;

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What becomes of a request that is asked about one path: an access, or a refusal's text. */
async function ask(entries: readonly Entry[], path: string, workspaceRoots: readonly string[] = []) {
  const sandbox = sandboxOf([special('root', 'read'), ...entries], { workspaceRoots });
  const begun = process.cpuUsage();
  let result: string;
  try {
    const surroundings = { tmpdir: undefined, platform: 'linux' } as const;
    const policy = await resolvePolicy(decodeSandbox(sandbox), surroundings, diskLook());
    result = policy.accessOf(path);
  } catch (error) {
    assert.ok(error instanceof SandboxRefusal, String(error));
    result = error.message;
  }
  const { user, system } = process.cpuUsage(begun);
  return { result, ms: (user + system) / 1000 };
}

const IN_ROOTS = 'codex-project-roots://';

/** What people have, and many of it: hundreds of rules and patterns, and paths of 30 names. */
function usual() {
  const names = 'folder/'.repeat(29);
  const patterns = many(250, (n) => pattern(`/**/*.{secret,key${n}}`));
  const inRoots = many(20, (n) => pattern(`${IN_ROOTS}**/.env${n}`));
  const paths = many(250, (n) => onPath(`/home/me/project/${names}${n}`, 'read'));
  const roots = many(20, (n) => `file:///tmp/${n}`);
  return { entries: [...patterns, ...inRoots, ...paths], path: `/${names}file`, roots };
}

describe('what a sandbox request may cost', () => {
  let tree: Tree;
  let deep: string;
  let usualMs: number;
  before(async () => {
    tree = await Tree.make();
    deep = (await tree.add('a/'.repeat(900))).slice(0, -1);
    await symlink(deep, tree.at('link'));
    const { entries, path, roots } = usual();
    usualMs = (await ask(entries, path, roots)).ms;
  });
  after(() => tree[Symbol.asyncDispose]());

  const requests: [string, () => Parameters<typeof ask>, RegExp][] = [
    [
      'rules for each of many roots',
      () => [many(1000, (n) => pattern(`${IN_ROOTS}*${n}`)), '/x', many(1000, (n) => `file:///tmp/${n}`)],
      /more than 1024 rules.*fewer/,
    ],
    [
      'roots',
      () => [[pattern(`${IN_ROOTS}*`)], '/x', many(40_000, (n) => `file:///tmp/${n}`)],
      /`workspaceRoots`: there are 40000 entries; the limit is 1024/,
    ],
    [
      'long patterns',
      () => [many(1000, (n) => pattern(`/tmp/${'*/b/'.repeat(900)}${n}`)), '/x'],
      /paths and patterns have more than 262144 characters/,
    ],
    [
      'short patterns with many choices',
      () => [many(1000, (n) => pattern(`/tmp/${'{a,b}'.repeat(10)}${n}`)), '/x'],
      /braces written out its patterns have more than 262144 characters/,
    ],
    [
      'deep patterns for a deep path',
      () => [many(64, (n) => pattern(`/**${'/a'.repeat(890)}/${n}`)), deep],
      /more than 4000000 steps for one path.*shorter/,
    ],
    [
      'many patterns for a deep path',
      () => [many(1000, (n) => pattern(`/**${'/*/b'.repeat(60)}/${n}`)), deep],
      /more than 4000000 steps for one path/,
    ],
    [
      'long names for a deep path',
      () => [many(64, (n) => pattern(`/**/${'*a'.repeat(1900)}${n}`)), deep],
      /more than 4000000 steps for one path/,
    ],
    [
      'paths in a deep folder',
      () => [many(130, (n) => onPath(`${deep}/${n}`, 'read')), '/x'],
      /more than 16777216 characters would have to be looked at/,
    ],
    [
      'short paths by a link into a deep folder',
      () => [many(1000, (n) => onPath(`${tree.at('link')}/${n}`, 'read')), '/x'],
      /more than 16777216 characters would have to be looked at/,
    ],
  ];
  for (const [name, request, refusal] of requests) {
    it(`is bounded: ${name}`, async () => {
      const { result, ms } = await ask(...request());
      assert.match(result, refusal);
      assert.ok(ms <= MOST_TIMES * usualMs, `${ms} ms, and ${usualMs} ms for what people have`);
    });
  }

  it('is not refused for what people have: hundreds of rules and patterns, and paths of 30 names', async () => {
    const { entries, path, roots } = usual();
    assert.equal((await ask(entries, path, roots)).result, 'read');
    assert.equal((await ask(entries, `${path}.key249`, roots)).result, 'deny');
  });
});
