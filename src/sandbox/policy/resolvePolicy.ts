import { join } from 'node:path/posix';
import { SandboxRefusal } from '../refusal';
import type { FileRule, FileRules, SandboxRequest } from '../request/request';
import { Glob } from './glob';
import type { FileLook } from './look';
import { SYSTEM_FOLDERS, type Surroundings } from './places';
import { Policy, type Base, type DenyPattern, type PolicyEntry } from './policy';
import { protectedNames } from './protectedNames';
import { remembering, resolvePath, type Link } from './resolvePath';

/**
 * What a request means here and now.
 * @throws SandboxRefusal for a pattern that cannot be used, more than 262,144 characters of them, and too many links; what `look` throws
 */
export async function resolvePolicy(
  request: SandboxRequest,
  surroundings: Surroundings,
  look: FileLook,
): Promise<Policy> {
  const { files, network } = request;
  const all = { entries: [], patterns: [], patternDepth: undefined, links: [], network };
  if (files === 'all') return new Policy({ base: 'all-write', ...all });
  return new Resolution(files, surroundings, remembering(look)).resolve(network);
}

/** All patterns of a request together, in characters, with their braces written out. */
const MAX_PATTERNS = 262_144;

class Resolution {
  private readonly entries: PolicyEntry[] = [];
  private readonly patterns: DenyPattern[] = [];
  private readonly readLinks: Link[] = [];
  private readonly writeLinks: Link[] = [];
  private patternLength = 0;
  private readonly onRoot = new Set<FileRule['access']>();

  constructor(
    private readonly files: FileRules,
    private readonly surroundings: Surroundings,
    private readonly look: FileLook,
  ) {}

  async resolve(network: boolean): Promise<Policy> {
    // In order, so that the same rules give the same policy.
    for (const rule of this.files.rules) await this.add(rule);
    const { readLinks, writeLinks, patterns, files } = this;
    // By another link at its name, another file would be in the place of one that is read-only.
    const writeNames = new Set(writeLinks.map(({ path }) => path));
    this.entries.push(...readLinks.filter(({ path }) => !writeNames.has(path)).map(guardOfLink));
    const links = [...new Map([...readLinks, ...writeLinks].map((link) => [link.path, link])).values()];
    const parts = { base: this.base(), patterns, patternDepth: files.patternDepth, links, network };
    const plain = new Policy({ ...parts, entries: this.entries });
    const guards = await protectedNames(this.entries, plain, this.look);
    return new Policy({ ...parts, entries: [...this.entries, ...guards] });
  }

  private base(): Base {
    const { onRoot } = this;
    if (!onRoot.has('deny')) {
      if (onRoot.has('write')) return 'all-write';
      if (onRoot.has('read')) return 'all-read';
    }
    return this.files.rules.some(({ place }) => place === 'minimal') ? 'platform' : 'nothing';
  }

  private async add(rule: FileRule): Promise<void> {
    const { place, access } = rule;
    if (place === 'root') this.onRoot.add(access);
    else if (place === 'minimal') {
      // Nobody is given the right to write there by this name.
      for (const path of SYSTEM_FOLDERS[this.surroundings.platform])
        await this.addPath(path, { ...rule, access: 'read', skipMissing: true });
    } else if (place === 'tmpdir') {
      const { tmpdir } = this.surroundings;
      if (tmpdir?.startsWith('/') === true) await this.addPath(tmpdir, rule);
    } else if ('path' in place) await this.addPath(place.path, rule);
    else await this.addPattern(place.under, place.pattern);
  }

  private async addPath(path: string, { access, skipMissing = false }: FileRule): Promise<void> {
    const { path: canonical, kind, isBlocked, links } = await resolvePath(path, this.look);
    // What is not there is not made.
    if (access === 'write' && (kind === 'missing' || isBlocked)) return;
    if (kind === 'missing' && skipMissing) return;
    if (canonical === '/') {
      this.onRoot.add(access);
      return;
    }
    if (access === 'write') this.writeLinks.push(...links);
    if (access === 'read') this.readLinks.push(...links);
    this.entries.push({ path: canonical, access, kind, isGuard: kind === 'missing' });
  }

  /** The part without wildcards may lead over links, as every path. */
  private async addPattern(under: string, pattern: string): Promise<void> {
    const { literal, length } = new Glob(pattern);
    this.patternLength += length;
    if (this.patternLength > MAX_PATTERNS) throw tooLong();
    const names = pattern.split('/').filter(Boolean);
    const start = join(under, ...literal);
    if (literal.length === names.length) {
      await this.addPath(start, { place: { path: start }, access: 'deny' });
      return;
    }
    const { path, kind, isBlocked } = await resolvePath(start, this.look);
    const text = join(under, pattern);
    if (kind === 'folder' && !isBlocked) {
      this.patterns.push({ under: path, glob: new Glob(names.slice(literal.length).join('/')), text });
    } else if (isBlocked) {
      this.entries.push({ path, access: 'deny', kind, isGuard: false });
    }
  }
}

function tooLong(): SandboxRefusal {
  return new SandboxRefusal(
    '',
    `with their braces written out its patterns have more than ${MAX_PATTERNS} characters`,
    'Use fewer or simpler patterns.',
  );
}

function guardOfLink({ path }: Link): PolicyEntry {
  return { path, access: 'read', kind: 'link', isGuard: true };
}
