import { dirname } from 'node:path/posix';
import type { Policy, PolicyEntry } from './policy/policy';

/** Paths that are listed by name; the others are counted. */
const LISTED = 10;

/** For a row: `workspace-write · no network`. Never longer than 40 characters; not translated, as names of modes are not. */
export function shortWords(policy: Policy): string {
  return `${fileMode(policy)} · ${policy.network ? 'network' : 'no network'}`;
}

function fileMode({ base, entries, patterns }: Policy): string {
  const isPlain = patterns.length === 0 && entries.every(({ access }) => access !== 'deny');
  const writes = entries.some(({ access }) => access === 'write');
  if (base === 'all-write') return isPlain && entries.length === 0 ? 'all files' : 'all files but some';
  if (base !== 'all-read') return writes ? 'some files' : 'some files, read-only';
  return `${writes ? 'workspace-write' : 'read-only'}${isPlain ? '' : ', some hidden'}`;
}

/** What a policy allows and what not, one part for each question; a person's tooltip puts its own words around them. */
export interface PolicyWords {
  /** Undefined if everything may be written. */
  readonly writesOnly: readonly string[] | undefined;
  /** Undefined if everything may be read. */
  readonly readsOnly: readonly string[] | undefined;
  /** Inside of what may be written. */
  readonly readOnly: readonly string[];
  /** Paths and patterns. */
  readonly hidden: readonly string[];
  readonly network: boolean;
}

/** The parts of `fullWords`, for a list or a translation. */
export function wordsOf(policy: Policy): PolicyWords {
  const { base, entries, patterns, network } = policy;
  const paths = (is: (entry: PolicyEntry) => boolean) => entries.filter(is).map(({ path }) => path);
  const readable = base === 'all-write' || base === 'all-read';
  return {
    writesOnly: base === 'all-write' ? undefined : paths(({ access }) => access === 'write'),
    readsOnly: readable ? undefined : paths(({ access, isGuard }) => access !== 'deny' && !isGuard),
    readOnly: paths(({ access, path }) => access === 'read' && policy.entryAccess(dirname(path)) === 'write'),
    hidden: [...paths(({ access }) => access === 'deny'), ...patterns.map(({ text }) => text)],
    network,
  };
}

/** A line for each thing that a command can or cannot do, for a person or a model. */
export function fullWords(policy: Policy): readonly string[] {
  const { writesOnly, readsOnly, readOnly, hidden, network } = wordsOf(policy);
  return [
    line('Writes everywhere', 'Writes only in', writesOnly, 'Writes nothing'),
    line('Reads everything', 'Reads only in', readsOnly, 'Reads nothing'),
    ...(readOnly.length > 0 ? [`Cannot change: ${list(readOnly)}`] : []),
    ...(hidden.length > 0 ? [`Cannot read: ${list(hidden)}`] : []),
    network ? 'Uses the network' : 'No network',
  ];
}

function line(all: string, some: string, paths: readonly string[] | undefined, none: string): string {
  if (paths === undefined) return all;
  return paths.length === 0 ? none : `${some}: ${list(paths)}`;
}

function list(paths: readonly string[]): string {
  const more = paths.length - LISTED;
  return [...paths.slice(0, LISTED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
