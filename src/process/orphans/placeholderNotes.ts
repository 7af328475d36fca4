import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { loadLibc } from '../native/libc';
import { findSandboxCalls, type SandboxCalls } from '../native/sandboxCalls';
import { sweepPlaceholder } from '../sandbox/placeholders';

/** Beside a ledger. Paths may be long, so they are not in its lines. */
const notesOf = (ledger: string): string => `${ledger}.placeholders`;

/** Writes all of them down, in one step; removes the notes where there are none. */
export function notePlaceholders(ledger: string, paths: readonly string[]): void {
  const notes = notesOf(ledger);
  if (paths.length === 0) {
    rmSync(notes, { force: true });
    return;
  }
  writeFileSync(`${notes}.new`, paths.join('\0'), { mode: 0o600 });
  renameSync(`${notes}.new`, notes);
}

/** Removes what a dead host has noted, but for what others use, and the notes. */
export function sweepPlaceholders(ledger: string): void {
  const paths = pathsOf(ledger);
  if (paths.length === 0) return;
  const calls = sandboxCalls();
  if (calls) for (const path of paths) sweepPlaceholder(path, calls);
  notePlaceholders(ledger, []);
}

/** Undefined where the C library cannot be called; there was no sandbox then either. */
function sandboxCalls(): SandboxCalls | undefined {
  try {
    return findSandboxCalls(loadLibc());
  } catch {
    return undefined;
  }
}

function pathsOf(ledger: string): readonly string[] {
  try {
    return readFileSync(notesOf(ledger), 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
