import { readFileSync, rmSync } from 'node:fs';
import { escalate } from '../stop/stopLadder';
import { treeLeftBehind } from '../stop/treeOf';
import { readLedger, type LedgerContents } from './crashLedger';
import { sweepPlaceholders } from './placeholderNotes';
import { hostLives } from './hostIdentity';

/** Between asking and killing: nobody is there any more who would wait for an answer. */
const GRACE_MS = 500;

/**
 * Ends, by the one ladder, all that a dead host has left: what its ledger names and what carries one of its marks, and
 * what its sandboxes needed.
 * Removes the ledger; does nothing if the host lives.
 *
 * @param path the ledger, which may be lost
 * @param firstMark the host's, for that case; 0 where it has none
 */
export async function crashSweep(path: string, firstMark: number): Promise<void> {
  const { host, trees } = contentsOf(path);
  if (host && hostLives(host)) return;
  const tree = treeLeftBehind(trees, host?.firstMark ?? firstMark);
  const target = { tree, exited: () => !tree.leaderLives(), reached: () => undefined };
  await escalate(target, { from: 'terminate', graceMs: GRACE_MS, by: 'shutdown' });
  sweepPlaceholders(path);
  rmSync(path, { force: true });
}

function contentsOf(path: string): LedgerContents {
  try {
    return readLedger(readFileSync(path, 'latin1'));
  } catch {
    return { host: undefined, trees: [] };
  }
}
