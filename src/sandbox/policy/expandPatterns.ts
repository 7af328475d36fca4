import { dirname, join } from 'node:path/posix';
import { setImmediate } from 'node:timers/promises';
import { SandboxRefusal } from '../refusal';
import type { FileLook } from './look';
import { Policy, type DenyPattern, type PolicyEntry } from './policy';
import { remembering, resolvePath } from './resolvePath';

const MAX_LISTED = 200_000;
const MAX_MATCHES = 1_000;
/** Made anew inside, so nothing of the host is in them. */
const NOT_SEARCHED: ReadonlySet<string> = new Set(['/dev', '/proc', '/sys']);

/**
 * The policy with an entry for everything that its patterns match now, for a backend that knows paths only.
 * @throws SandboxRefusal for more than 200,000 names to look at, 1,000 that match, or one that is no UTF-8
 */
export async function expandPatterns(policy: Policy, look: FileLook): Promise<Policy> {
  if (policy.patterns.length === 0) return policy;
  const search = new Search(policy, remembering(look));
  for (const pattern of policy.patterns) await search.run(pattern);
  const { base, links, network } = policy;
  const entries = [...policy.entries, ...search.found.values()];
  return new Policy({ base, links, network, entries, patterns: [], patternDepth: undefined });
}

class Search {
  readonly found = new Map<string, PolicyEntry>();
  private listed = 0;
  /** Folders that hold an entry, deeper down too. */
  private readonly above = new Set<string>();

  constructor(
    private readonly policy: Policy,
    private readonly look: FileLook,
  ) {
    for (const { path } of policy.entries) {
      let folder = path;
      while (folder !== '/' && !this.above.has((folder = dirname(folder)))) this.above.add(folder);
    }
  }

  async run(pattern: DenyPattern): Promise<void> {
    const { glob, under, text } = pattern;
    const todo: (readonly string[])[] = [[]];
    for (let names = todo.pop(); names !== undefined; names = todo.pop()) {
      const folder = join(under, ...names);
      if (this.isHidden(folder)) continue;
      for (const { name, isFolder } of await this.look.list(folder)) {
        if (++this.listed > MAX_LISTED)
          throw refusal(text, `more than ${MAX_LISTED} names would have to be looked at`);
        // A folder may hold very many, with long names.
        if (this.listed % 256 === 0) await setImmediate();
        const path = [...names, name.toString()];
        if (glob.matches(path)) await this.add(join(folder, name.toString()), name, pattern);
        if (isFolder && typeof name === 'string' && path.length < (this.policy.patternDepth ?? Infinity))
          todo.push(path);
      }
    }
  }

  /** Whether nothing in the folder can be seen from inside. */
  private isHidden(folder: string): boolean {
    if (NOT_SEARCHED.has(folder)) return true;
    const isDenied = this.policy.entryAccess(folder) === 'deny' || this.found.has(folder);
    return isDenied && !this.above.has(folder);
  }

  private async add(path: string, name: string | Buffer, { text, glob, under }: DenyPattern): Promise<void> {
    if (typeof name !== 'string') throw refusal(text, `it matches \`${path}\`, whose name is no UTF-8`);
    // A link cannot be covered, what it leads to can. What is not there yet is not covered, as with all patterns.
    const { path: canonical, kind, isBlocked } = await resolvePath(path, this.look);
    if (kind === 'missing' || isBlocked || canonical === '/') return;
    const isFoundAnywhere =
      canonical === path &&
      glob.findsAnywhere &&
      this.policy.patternDepth === undefined &&
      (this.policy.entryAccess(under) !== 'write' ||
        this.policy.entries.some((entry) => entry.path === under));
    if (!this.found.has(canonical) || isFoundAnywhere)
      this.found.set(canonical, { path: canonical, access: 'deny', kind, isGuard: false, isFoundAnywhere });
    if (this.found.size > MAX_MATCHES) throw refusal(text, `it matches more than ${MAX_MATCHES} paths`);
  }
}

function refusal(text: string, reason: string): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `the pattern \`${text}\` cannot be used: ${reason}`,
    'Use a narrower pattern, or set `glob_scan_max_depth`.',
  );
}
