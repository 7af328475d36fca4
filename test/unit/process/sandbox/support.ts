import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestOfPolicy, type SandboxRequest } from '../../../../src/sandbox';

/** A workspace of its own outside of `/tmp`, which every policy may write to. */
export function workspace(): { path: string; remove: () => void } {
  const path = realpathSync(mkdtempSync(join(process.env['HOME'] ?? tmpdir(), '.sandbox-test-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const writing = (folder: string): SandboxRequest =>
  requestOfPolicy({ mode: 'workspace-write', workspaceRoots: [folder] });
