import { LOCAL_ENVIRONMENT_ID } from '../environment';
import { readUrl, type UrlFault } from './url';
import { isObject } from '../values';

const MAX_ENTRIES = 64;
const ID = /^[A-Za-z0-9][\w.@-]{0,63}$/;

/** A command that speaks the protocol. */
export interface ProgramEntry {
  readonly id: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** One environment of the setting `execServer.environments`. Tokens are not among the settings. */
export type Entry = { readonly id: string; readonly url: string } | ProgramEntry;

/** What is wrong with an entry; see `faultText` for the words. */
export type Fault =
  | { readonly kind: 'list' | 'many' }
  | { readonly kind: 'object' | 'id' | 'local' | 'duplicate' | 'neither' | 'both' }
  | { readonly kind: 'member'; readonly member: string }
  | { readonly kind: 'unknown'; readonly member: string }
  | { readonly kind: 'url'; readonly url: UrlFault | 'token' };

export interface FaultyEntry {
  /** What the person calls it, or its place in the list. */
  readonly name: string;
  readonly fault: Fault;
}

export interface Entries {
  readonly good: readonly Entry[];
  readonly faulty: readonly FaultyEntry[];
}

/** Reads the setting: each entry stands for itself, so one that is wrong spoils no other. */
export function readEntries(value: unknown): Entries {
  if (!Array.isArray(value)) return { good: [], faulty: [{ name: '', fault: { kind: 'list' } }] };
  const good: Entry[] = [];
  const faulty: FaultyEntry[] = [];
  for (const [index, item] of value.slice(0, MAX_ENTRIES).entries()) {
    const id: unknown = isObject(item) ? item['id'] : undefined;
    const name = typeof id === 'string' && id !== '' ? id : `#${index + 1}`;
    const read = readEntry(item);
    if ('kind' in read) faulty.push({ name, fault: read });
    else if (good.some((other) => other.id === read.id)) faulty.push({ name, fault: { kind: 'duplicate' } });
    else good.push(read);
  }
  if (value.length > MAX_ENTRIES) faulty.push({ name: `#${MAX_ENTRIES + 1}`, fault: { kind: 'many' } });
  return { good, faulty };
}

/** Why an environment can't be called so, undefined if it can. */
export function idFault(id: unknown, taken: readonly string[] = []): Fault | undefined {
  if (typeof id !== 'string' || !ID.test(id)) return { kind: 'id' };
  if (id === LOCAL_ENVIRONMENT_ID) return { kind: 'local' };
  return taken.includes(id) ? { kind: 'duplicate' } : undefined;
}

function readEntry(item: unknown): Entry | Fault {
  if (!isObject(item)) return { kind: 'object' };
  const { id, url, program, args, env, cwd } = item;
  const fault = idFault(id);
  if (fault) return fault;
  if (url !== undefined && program !== undefined) return { kind: 'both' };
  const known = url === undefined ? ['id', 'program', 'args', 'env', 'cwd'] : ['id', 'url'];
  const unknown = Object.keys(item).find((member) => !known.includes(member));
  if (url !== undefined) {
    if (typeof url !== 'string') return { kind: 'member', member: 'url' };
    const typed = readUrl(url);
    if (!typed.ok) return { kind: 'url', url: typed.fault };
    if (typed.token !== undefined) return { kind: 'url', url: 'token' };
    return unknown === undefined ? { id: String(id), url } : { kind: 'unknown', member: unknown };
  }
  if (program === undefined) return { kind: 'neither' };
  if (unknown !== undefined) return { kind: 'unknown', member: unknown };
  if (!isText(program) || program === '') return { kind: 'member', member: 'program' };
  if (args !== undefined && !(Array.isArray(args) && args.every(isText)))
    return { kind: 'member', member: 'args' };
  if (env !== undefined && !(isObject(env) && Object.values(env).every(isText)))
    return { kind: 'member', member: 'env' };
  if (cwd !== undefined && !isText(cwd)) return { kind: 'member', member: 'cwd' };
  return {
    id: String(id),
    program,
    ...(args === undefined ? {} : { args }),
    ...(env === undefined ? {} : { env: env as Record<string, string> }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** No system takes a NUL in a word of a command. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
