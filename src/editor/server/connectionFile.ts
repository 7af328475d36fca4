import { rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { ConnectionDetails } from '../../agents/api';

/** Whole or not at all. */
export async function writeConnectionFile(path: string, connection: ConnectionDetails): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await rm(part, { force: true });
  await writeFile(part, JSON.stringify(connection, null, 2) + '\n', { mode: 0o600, flag: 'wx' });
  await rename(part, path);
}

/** In this turn, for the last moment of the host. */
export function removeConnectionFileNow(path: string): void {
  rmSync(path, { force: true });
}

export async function removeConnectionFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
