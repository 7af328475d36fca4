import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FsError } from '../../../src/files';

/** A fresh directory for every test of the suite, removed after it. */
export function useTempDirectory(): (...names: string[]) => string {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'exec-server-files-')));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return (...names) => join(root, ...names);
}

/** Expects an FsError with exactly this code and text. */
export async function refused(operation: Promise<unknown>, code: number, message: string): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof FsError, String(error));
    assert.deepEqual({ code: error.code, message: error.message }, { code, message });
    return true;
  });
}

export const NOT_FOUND = [-32004, 'No such file or directory (os error 2)'] as const;
export const NOT_A_DIRECTORY = [-32603, 'Not a directory (os error 20)'] as const;
export const EXISTS = [-32603, 'File exists (os error 17)'] as const;
export const LINK_LOOP = [-32603, 'Symbolic link loop (os error 40)'] as const;
export const LINK_IN_PATH = [-32600, 'path contains a symbolic link'] as const;

export const NO_FOLLOW = { followSymlinks: false } as const;

export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

/** An account without rights on Linux and macOS. */
const NOBODY = 65534;

/** Runs `body` as someone who can be denied something. `owned` are the paths that this one owns meanwhile. */
export async function unprivileged(owned: readonly string[], body: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return body();
  for (const path of owned) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await body();
  } finally {
    process.seteuid?.(0);
  }
}
