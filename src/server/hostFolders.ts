import { readFileSync, readlinkSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { disk } from '../blocking';

/** Milliseconds in which a disk that is asked at a start must have answered. */
const PATIENCE_MS = 1000;

/** A native path, as bytes where it is no UTF-8. */
export type FolderPath = string | Buffer;

/** The folder that this process runs in, or undefined where that is gone. */
export async function currentFolder(): Promise<FolderPath | undefined> {
  try {
    const cwd = process.cwd();
    // Node replaces what is no UTF-8; on Linux the system tells the bytes.
    const bytes = cwd.includes('\uFFFD') ? linkTarget('/proc/self/cwd') : undefined;
    return await usable(bytes ?? cwd);
  } catch {
    return undefined;
  }
}

/** The user's home, whether it exists or not; the root where nobody knows one. */
export function homeFolder(): FolderPath {
  const named = bytesOfVariable('HOME') ?? attempt(homedir) ?? attempt(() => userInfo().homedir);
  return named !== undefined && absolute(named) ? named : root();
}

/** A folder for temporary files, which exists where any does. */
export async function temporaryFolder(): Promise<FolderPath> {
  const fallback = process.platform === 'win32' ? `${root()}Windows\\Temp` : '/tmp';
  const named =
    ['TMPDIR', 'TMP', 'TEMP'].map(bytesOfVariable).find((value) => value !== undefined) ?? tmpdir();
  return (await usable(named)) ?? fallback;
}

const root = (): string => parse(process.execPath).root;

/** What a look at a disk says; false where it fails, or takes too long. */
export async function inTime(look: () => Promise<boolean>): Promise<boolean> {
  const late = new AbortController();
  const timeout = sleep(PATIENCE_MS, false, { signal: late.signal });
  try {
    return await Promise.race([look().catch(() => false), timeout]);
  } finally {
    late.abort();
    timeout.catch(() => undefined);
  }
}

async function usable(path: FolderPath): Promise<FolderPath | undefined> {
  const isFolder = async (): Promise<boolean> => (await disk.stat(path)).kind === 'directory';
  return absolute(path) && (await inTime(isFolder)) ? path : undefined;
}

function absolute(path: FolderPath): boolean {
  return isAbsolute(path.toString());
}

/** Only where the value is no UTF-8, and on Linux: Node's own environment has replacement characters there. */
function bytesOfVariable(name: string): Buffer | undefined {
  if (!process.env[name]?.includes('\uFFFD')) return undefined;
  // One character a byte, so that nothing is lost.
  const block = attempt(() => readFileSync('/proc/self/environ', 'latin1'));
  const entry = block?.split('\0').find((text) => text.startsWith(`${name}=`));
  return entry === undefined ? undefined : Buffer.from(entry.slice(name.length + 1), 'latin1');
}

function linkTarget(path: string): Buffer | undefined {
  return attempt(() => readlinkSync(path, 'buffer'));
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
