import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  FsError,
  readDirectory,
  walk,
  type DirectoryEntry,
  type NativePath,
  type WalkOptions,
} from '../../../src/files';

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

/** Expects an FsError with exactly this kind and text. */
export async function refused(
  operation: Promise<unknown>,
  kind: FsError['kind'],
  message: string,
): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof FsError, String(error));
    assert.deepEqual({ kind: error.kind, message: error.message }, { kind, message });
    return true;
  });
}

export const NOT_FOUND = ['notFound', 'No such file or directory (os error 2)'] as const;
export const NOT_A_DIRECTORY = ['other', 'Not a directory (os error 20)'] as const;
export const EXISTS = ['other', 'File exists (os error 17)'] as const;
export const LINK_LOOP = ['other', 'Symbolic link loop (os error 40)'] as const;
export const LINK_IN_PATH = ['invalid', 'path contains a symbolic link'] as const;

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

/** With room for everything. */
export async function listed(path: NativePath): Promise<DirectoryEntry[]> {
  const room = { beforeMany: () => Promise.resolve(), maxEntries: Infinity };
  return [...(await readDirectory(path, room))];
}

export interface Walked {
  readonly entries: { readonly path: string; readonly kind: string; readonly bytes: Buffer }[];
  readonly errors: { readonly path: string; readonly message: string }[];
  readonly truncated: boolean;
}

/** A walk, with room for everything. */
export async function walked(root: NativePath, options: WalkOptions): Promise<Walked> {
  const entries: Walked['entries'] = [];
  const errors: Walked['errors'] = [];
  const truncated = await walk(root, options, {
    entry: (path, kind) => entries.push({ path: path.toString(), kind, bytes: Buffer.from(path) }) > 0,
    error: (path, message) => errors.push({ path: path.toString(), message }) > 0,
    beforeMany: () => Promise.resolve(),
  });
  return { entries, errors, truncated };
}

/** Puts one, then the other in a path's place, as fast as it can, until it is stopped. */
const FLIP = `
  const { renameSync } = require('node:fs');
  const { workerData: { place, other, stop } } = require('node:worker_threads');
  const flag = new Int32Array(stop);
  const tell = (code) => { Atomics.store(flag, 1, code); Atomics.notify(flag, 1); };
  while (Atomics.load(flag, 0) === 0) {
    try {
      renameSync(place, place + '.a'); renameSync(other, place);
      renameSync(place, other); renameSync(place + '.a', place);
    } catch {}
    tell(1);
  }
`;

/** Runs `body` while the two take each other's place all the time. */
export async function whileFlipping(place: string, other: string, body: () => Promise<void>): Promise<void> {
  const stop = new SharedArrayBuffer(8);
  const flag = new Int32Array(stop);
  const worker = new Worker(FLIP, { eval: true, execArgv: [], workerData: { place, other, stop } });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  Atomics.wait(flag, 1, 0, 10_000);
  try {
    await body();
  } finally {
    Atomics.store(flag, 0, 1);
    await ended;
  }
}

/** For a `before`: skips the suite, with the reason, where folders cannot be entered by their descriptors. */
export function skipWithoutDescriptors(this: Mocha.Context): void {
  if (process.platform === 'linux') return;
  if (this.test) this.test.title += ' [skipped: descriptors cannot be walked on this system]';
  this.skip();
}
