import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { answers, isOwn, lifeOf, parseIdentity } from './identity';
import { parseRecord, type WindowRecord } from './record';
import { removeSocket } from './socketAddress';

/** After it what nobody here can judge, as a record of another machine, is nobody's any more. */
const FOREIGN_MS = 30 * 24 * 60 * 60 * 1000;
/** Records that are looked at, all within one turn: far more than one person has windows. */
const MAX_RECORDS = 256;
const MAX_RECORD_BYTES = 1024 * 1024;
/** A record is read by nobody before it is whole, and written within this. */
const UNFINISHED_MS = 60_000;

/**
 * The records of windows and servers that are alive, newest first; empty where the folder cannot be read, and without
 * those that are not to be believed.
 */
export function liveRecords(windows: string): WindowRecord[] {
  return believed(windows).filter(({ off }) => off !== true);
}

/** The records of windows whose server is off and whose process lives. */
export function offRecords(windows: string): WindowRecord[] {
  return believed(windows).filter(({ off }) => off === true);
}

/** The paths of records that are not believed, because another user can have written them: who follows one talks to them. */
export function doubtfulRecords(windows: string): string[] {
  if (doubtful(windows)) return [windows];
  const records = list(windows).filter((name) => name.endsWith('.json'));
  return records.map((name) => join(windows, name)).filter(doubtful);
}

/** Removes the records, and the sockets, of those who died without a word. Never throws. */
export function sweepRecords(windows: string): void {
  const all = read(windows);
  // A window that died may have named the socket of a server that is kept.
  const open = new Set(alive(all).map(({ socket }) => socket));
  for (const { name, record, life } of all) {
    if (record ? life === 'dead' : isOlder(windows, name, FOREIGN_MS)) {
      quietly(() => record && !open.has(record.socket) && removeSocket(record.socket));
      remove(windows, name);
      remove(windows, `${basename(name, '.json')}.folders`);
    } else if (life === 'elsewhere' && isOlder(windows, name, FOREIGN_MS)) {
      remove(windows, name);
    }
  }
  for (const name of list(windows).filter((each) => each.endsWith('.kept'))) {
    const holder = quietly(() => parseIdentity(readFileSync(join(windows, name), 'utf8')));
    if (holder && lifeOf(holder) === 'dead') remove(windows, name);
  }
  const left = list(windows);
  const known = new Set(left.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')));
  for (const name of left) {
    const [base = ''] = name.split('.');
    const lost = name.endsWith('.part') || (name.endsWith('.folders') && !known.has(base));
    if (lost && isOlder(windows, name, UNFINISHED_MS)) remove(windows, name);
  }
}

/** A file, and whether the process that has written it lives; both undefined for what is no record. */
interface Read {
  readonly name: string;
  readonly record: WindowRecord | undefined;
  readonly life: ReturnType<typeof lifeOf> | undefined;
}

function read(windows: string): Read[] {
  return likeliest(list(windows).filter((name) => name.endsWith('.json'))).map((name) => {
    const path = join(windows, name);
    const record = quietly(() => (isReadable(path) ? parseRecord(readFileSync(path, 'utf8')) : undefined));
    return { name, record, life: record && lifeOf(record) };
  });
}

/** At most as many names as may be read; of more, first those that begin with the number of a process. */
function likeliest(names: readonly string[]): readonly string[] {
  if (names.length <= MAX_RECORDS) return names;
  const [live, others] = [names.filter(isOfProcess), names.filter((name) => !isOfProcess(name))];
  return [...live, ...others].slice(0, MAX_RECORDS);
}

function isOfProcess(name: string): boolean {
  const [, pid] = /^([1-9]\d{0,9})-/.exec(name) ?? [];
  return pid !== undefined && answers(Number(pid));
}

function believed(windows: string): WindowRecord[] {
  if (doubtful(windows)) return [];
  return alive(read(windows)).sort((a, b) => b.since - a.since);
}

/** Neither of somebody else, nor a pipe that nobody writes into, nor what takes long to read. */
function isReadable(path: string): boolean {
  const status = statSync(path);
  return isOwn(path) && status.isFile() && status.size <= MAX_RECORD_BYTES;
}

function alive(all: readonly Read[]): WindowRecord[] {
  return all.flatMap(({ record, life }) => (record && life === 'alive' ? [record] : []));
}

function doubtful(path: string): boolean {
  return quietly(() => !isOwn(path)) ?? false;
}

function list(folder: string): string[] {
  return quietly(() => readdirSync(folder)) ?? [];
}

function isOlder(folder: string, name: string, ms: number): boolean {
  const status = quietly(() => statSync(join(folder, name)));
  return status !== undefined && Date.now() - status.mtimeMs > ms;
}

function remove(folder: string, name: string): void {
  quietly(() => rmSync(join(folder, name), { force: true }));
}

/** What is gone meanwhile, or belongs to somebody else, is nothing to stop at. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
