import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What fits into a socket's address, in bytes. */
const MAX_BYTES = process.platform === 'linux' ? 107 : 103;
/** Where a socket goes whose own folder has too long a name. */
const SHORT = '/tmp/exec-server-';

/**
 * An address where nothing listens yet. A folder whose name is too long for one gets a short, private one instead,
 * which `removeSocket` removes too.
 *
 * @param folder private to this person
 */
export function newSocketAddress(folder: string): string {
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\exec-server-${id}`;
  const path = join(folder, `${id}.sock`);
  return Buffer.byteLength(path) <= MAX_BYTES ? path : join(mkdtempSync(SHORT), 's');
}

/** Removes what is left of a socket that nobody listens to any more. */
export function removeSocket(address: string): void {
  if (process.platform === 'win32') return;
  const folder = dirname(address);
  rmSync(address, { force: true });
  if (folder.startsWith(SHORT)) rmSync(folder, { recursive: true, force: true });
}
