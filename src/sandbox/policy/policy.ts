import { isUtf8 } from 'node:buffer';
import { dirname } from 'node:path/posix';
import type { Access } from '../request/request';
import { Effort } from './effort';
import { charsOf, type Glob } from './glob';
import type { Link } from './resolvePath';

/** What holds where no entry says otherwise: reading, writing, or nothing; `platform` is nothing but the system's folders. */
export type Base = 'all-read' | 'all-write' | 'platform' | 'nothing';

export interface PolicyEntry {
  /** Canonical. For what is missing, the first part that is. */
  readonly path: string;
  readonly access: Access;
  /** `link`: the name of a link, which must not be replaced. `missing`: a name that must not come into being. */
  readonly kind: 'folder' | 'file' | 'link' | 'missing';
  /** It takes rights away only: it does not count where nothing may be written anyway. */
  readonly isGuard: boolean;
  /** A pattern finds it wherever it is moved to, so the folders around it may be moved. */
  readonly isFoundAnywhere?: boolean;
}

export interface DenyPattern {
  /** Canonical folder where it starts. */
  readonly under: string;
  readonly glob: Glob;
  /** The pattern in the words of the request. */
  readonly text: string;
}

export interface PolicyParts {
  readonly base: Base;
  readonly entries: Iterable<PolicyEntry>;
  readonly patterns: readonly DenyPattern[];
  readonly patternDepth: number | undefined;
  /** Links on the way to what may be read or written. */
  readonly links: readonly Link[];
  readonly network: boolean;
}

const STRENGTH = { read: 0, write: 1, deny: 2 } as const;

/**
 * What a command or a file request may do, resolved: everything that enforces or shows a sandbox is derived from it. It is
 * about the disk as it was when it was made.
 */
export class Policy {
  readonly base: Base;
  /** Parents before what is in them, then by path; without those that change nothing. */
  readonly entries: readonly PolicyEntry[];
  /** Denied too, and tried on every path. For a backend that needs paths, `expandPatterns` makes entries of them. */
  readonly patterns: readonly DenyPattern[];
  readonly patternDepth: number | undefined;
  readonly links: readonly Link[];
  /** Whether the host's network may be used. */
  readonly network: boolean;
  private readonly starts: readonly (readonly string[])[];
  private readonly byPath = new Map<string, PolicyEntry>();

  constructor(parts: PolicyParts) {
    this.base = parts.base;
    this.patterns = parts.patterns;
    this.patternDepth = parts.patternDepth;
    this.links = parts.links;
    this.network = parts.network;
    this.starts = parts.patterns.map(({ under }) => namesOf(under));
    for (const entry of [...strongest(parts.entries)].sort(byDepth)) {
      const above = this.entryAccess(dirname(entry.path));
      // A right to write that holds anyway makes a folder one that cannot be moved; others may still matter below what a
      // pattern denies.
      const matters = entry.access !== above || entry.access === 'write' || this.patterns.length > 0;
      const says = entry.isGuard ? above === 'write' : matters;
      if (says) this.byPath.set(entry.path, entry);
    }
    this.entries = [...this.byPath.values()];
  }

  /**
   * The most specific entry or pattern decides.
   *
   * @param path canonical and absolute, without a slash at its end; as bytes where it is no UTF-8. Whoever follows links
   *   asks `opensLink` for each of them
   * @param effort to be shared by all questions of one turn
   * @throws SandboxRefusal if the patterns take more than 4 million steps
   */
  accessOf(path: string | Buffer, effort = new Effort()): Access {
    const names = namesOf(path);
    let access = baseAccess(this.base);
    let here = '';
    const matched = this.patterns.length > 0 ? this.matcher(names, effort) : () => false;
    for (let depth = 0; depth <= names.length; depth++) {
      if (depth > 0) here += `/${names[depth - 1] ?? ''}`;
      const entry = this.byPath.get(here || '/');
      if (entry && (!entry.isGuard || access === 'write')) access = entry.access;
      if (access !== 'deny' && matched(depth)) access = 'deny';
    }
    return access;
  }

  /**
   * Whether a link on the way may be followed, else what it leads to is denied by this name.
   * @param path of the link itself, with its folder canonical
   * @throws SandboxRefusal as `accessOf`
   */
  opensLink(path: string | Buffer): boolean {
    return this.accessOf(path) !== 'deny' || this.links.some((link) => link.path === path.toString());
  }

  /** The first entry below a folder that allows less than is needed, for what is done to all that is in it at once. */
  restrictedBelow(folder: string, needed: 'read' | 'write' = 'write'): PolicyEntry | undefined {
    const start = folder === '/' ? '/' : `${folder}/`;
    return this.entries.find(
      ({ path, access }) =>
        (access === 'deny' || (access === 'read' && needed === 'write')) &&
        path !== '/' &&
        path.startsWith(start),
    );
  }

  /** What the entries alone say, in a time that does not depend on their number. */
  entryAccess(path: string): Access {
    for (let here = path; ; here = dirname(here)) {
      const entry = this.byPath.get(here);
      if (entry) return entry.access;
      if (here === '/') return baseAccess(this.base);
    }
  }

  /** Whether a pattern matches the first so many of the names. */
  private matcher(names: readonly string[], effort: Effort): (depth: number) => boolean {
    const chars = names.map((name) => charsOf(name.replace(NOT_UTF8, '')));
    const starting = this.patterns.flatMap(({ glob }, index) => {
      const start = this.starts[index] ?? [];
      effort.spend(start.length);
      return start.every((name, at) => name === names[at]) ? [{ glob, start: start.length }] : [];
    });
    return (depth) =>
      starting.some(({ glob, start }) => {
        if (depth < start) return false;
        effort.spend(depth - start);
        return glob.matchesChars(chars.slice(start, depth), effort);
      });
  }
}

/** Stands in front of a name that is no UTF-8, which then is the same as no name of an entry. */
const NOT_UTF8 = '\0';

function namesOf(path: string | Buffer): readonly string[] {
  if (typeof path === 'string') return path.split('/').filter(Boolean);
  const names = path.toString('latin1').split('/').filter(Boolean);
  return names.map((name) => {
    const bytes = Buffer.from(name, 'latin1');
    return isUtf8(bytes) ? bytes.toString() : NOT_UTF8 + bytes.toString();
  });
}

function baseAccess(base: Base): Access {
  return base === 'all-write' ? 'write' : base === 'all-read' ? 'read' : 'deny';
}

/** One entry for each path. One that does not count everywhere gives way to one that does. */
function strongest(entries: Iterable<PolicyEntry>): Iterable<PolicyEntry> {
  const byPath = new Map<string, PolicyEntry>();
  for (const entry of entries) {
    const other = byPath.get(entry.path);
    if (!other || isStronger(entry, other)) byPath.set(entry.path, entry);
  }
  return byPath.values();
}

function isStronger(entry: PolicyEntry, other: PolicyEntry): boolean {
  const more = STRENGTH[entry.access] - STRENGTH[other.access];
  return more > 0 || (more === 0 && other.isGuard && !entry.isGuard);
}

function byDepth(one: PolicyEntry, other: PolicyEntry): number {
  const deeper = depthOf(one.path) - depthOf(other.path);
  return deeper !== 0 ? deeper : one.path < other.path ? -1 : 1;
}

function depthOf(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}
