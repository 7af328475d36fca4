import { PosixFamily, type Family, type FamilyIdentity } from './family';
import type { ProcessLookup } from './processLookup';
import { Procfs } from './procfs';
import { PsTable } from './psTable';
import type { SpawnSpec } from './types';
import { WindowsFamily } from './windowsFamily';

let found: ProcessLookup | undefined;

const lookup = (): ProcessLookup => (found ??= process.platform === 'linux' ? new Procfs() : new PsTable());

/** The family of a child that was started just now, with this platform's means. */
export function familyOf(pid: number, spec: SpawnSpec, lives: () => boolean): Family {
  if (process.platform === 'win32') return new WindowsFamily(pid, lives, spec.argv.join(' '));
  // node-pty collects a terminal's child in a thread of its own, a moment before we hear of it.
  return new PosixFamily(pid, spec.tty, lookup(), () => !spec.tty && lives());
}

/** The family of a child that a process before us has started, never on Windows. */
export function familyLeftBehind({ pid, start, tty }: FamilyIdentity): PosixFamily {
  return new PosixFamily(pid, tty, lookup(), () => false, start);
}
