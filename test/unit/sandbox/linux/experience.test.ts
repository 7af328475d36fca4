import assert from 'node:assert/strict';
import { existsSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expandPatterns, SandboxRefusal, type Policy } from '../../../../src/sandbox';
import { resolvePath } from '../../../../src/sandbox/policy/resolvePath';
import { diskLook, onPath, pattern, policyOf, special, Tree, type Entry } from '../support';
import { noBwrap, runInside } from './bwrap';

const FILES = [
  'w/f',
  'w/.git/config',
  'w/a/f',
  'w/a/b/f',
  'w/a/b/c/f',
  'w/a/k.env',
  'w/d/f',
  'w/d/e/k.env',
  'o/f',
  'o/p/f',
];
const LINKS: [string, string][] = [
  ['w/out', '../o'],
  ['w/in', 'a/b'],
  ['o/back', '../w/d'],
];
const PLACES = [
  'w',
  'w/a',
  'w/a/b',
  'w/a/b/c',
  'w/d',
  'w/d/e',
  'w/.git',
  'w/.codex',
  'w/new/deep',
  'w/in',
  'w/out/p',
  'o',
  'o/p',
  'o/back',
  ...FILES,
];
const PATTERNS = ['**/*.env', '**/f', 'w/*/f', 'w/a/**', 'o/{p,q}', '**/b'];

/** Prints a line for each path, by shell built-ins alone: whether it can be read, whether it can be written. */
const PROBE = `
while IFS= read -r p; do
  r=-; w=-
  if [ -d "$p" ] && [ ! -c "$p" ]; then
    set -- "$p"/* "$p"/.[!.]*
    for n do if [ -e "$n" ] || [ -L "$n" ]; then r=r; fi; done
  else
    if { command : < "$p"; } 2>/dev/null; then r=r; fi
    if { command : >> "$p"; } 2>/dev/null; then w=w; r=r; fi
  fi
  echo "$r$w $p"
done`;

function allPaths(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return [path, ...(statSync(path).isDirectory() && realpathSync(path) === path ? allPaths(path) : [])];
  });
}

/** What the policy says of a path by whatever name. What is missing cannot be read, but is made if that is allowed. */
async function wanted(policy: Policy, path: string): Promise<string> {
  const resolved = await resolvePath(path, diskLook());
  const access = resolved.links.every((link) => policy.opensLink(link.path))
    ? policy.accessOf(resolved.path)
    : 'deny';
  if (resolved.kind === 'missing') return access === 'write' ? 'rw' : '--';
  return access === 'deny' ? '--' : access === 'write' && resolved.kind === 'file' ? 'rw' : 'r-';
}

describe('what a sandboxed process experiences', function () {
  let why: string | undefined;
  before(function () {
    why = noBwrap();
    if (why === undefined) return;
    console.log(`      skipped: ${why}`);
    this.skip();
  });

  it('is what the policy says, for random policies', async function () {
    await using tree = await Tree.make(FILES);
    for (const [name, target] of LINKS) symlinkSync(target, tree.at(name));
    const access = fc.constantFrom('read', 'write', 'deny');
    const entry = fc
      .tuple(fc.constantFrom(...PLACES), access)
      .map(([place, may]) => onPath(tree.at(place), may));
    const denied = fc.constantFrom(...PATTERNS).map((text) => pattern(tree.at(text)));
    const base = fc.constantFrom(
      [special('root', 'read')],
      [special('root', 'write')],
      [special('minimal', 'read')],
    );
    let [run, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        base,
        fc.array(entry, { maxLength: 6 }),
        fc.array(denied, { maxLength: 1 }),
        async (first: readonly Entry[], entries, patterns) => {
          const policy = await expandPatterns(
            await policyOf([...first, ...entries, ...patterns]),
            diskLook(),
          );
          const there = allPaths(tree.root);
          const folders = ['', ...there.filter((path) => statSync(path).isDirectory())];
          const missing = [
            ...['w/new', 'w/.codex', 'w/d/.agents', 'o/.git'].map((path) => tree.at(path)),
            ...folders.map((path) => join(path || tree.root, 'made')),
          ];
          // The way to what is open in a place without anything shows the names on it.
          const isWay = (path: string) =>
            policy.accessOf(path) === 'deny' &&
            [...policy.entries, ...policy.links].some((other) => other.path.startsWith(`${path}/`));
          const paths = [...there, ...missing].filter(
            (path) => !existsSync(path) || !isWay(realpathSync(path)),
          );
          try {
            const { stdout, stderr, status } = runInside(
              policy,
              ['sh', '-c', PROBE],
              '/usr',
              paths.map((path) => `${path}\n`).join(''),
            );
            run++;
            assert.deepEqual([status, stderr], [0, '']);
            for (const path of missing) rmSync(path, { recursive: true, force: true });
            const expected = await Promise.all(
              paths.map(async (path) => `${await wanted(policy, path)} ${path}`),
            );
            assert.deepEqual(stdout.trim().split('\n'), expected);
          } catch (error) {
            if (!(error instanceof SandboxRefusal)) throw error;
            refused++;
          } finally {
            for (const path of missing) rmSync(path, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: Number(process.env['SANDBOX_RUNS'] ?? 150) },
    );
    assert.ok(run > refused * 2, `${run} were run, ${refused} refused`);
  });
});
