import { PosixFamily, type Family } from './family';
import type { ProcessLookup } from './processLookup';
import { Procfs } from './procfs';
import { PsTable } from './psTable';
import type { SpawnSpec } from './types';
import { WindowsFamily } from './windowsFamily';

let lookup: ProcessLookup | undefined;

/** The family of a child that was started just now, with this platform's means. */
export function familyOf(pid: number, spec: SpawnSpec, lives: () => boolean): Family {
  if (process.platform === 'win32') return new WindowsFamily(pid, lives, spec.argv.join(' '));
  lookup ??= process.platform === 'linux' ? new Procfs() : new PsTable();
  return new PosixFamily(pid, spec.tty, lookup);
}
