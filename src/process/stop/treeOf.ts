import type { Child } from '../child';
import { isMarkOf, processCalls } from '../native/processCalls';
import { thisMachine, wholeMachine } from '../observe/thisMachine';
import type { SpawnSpec } from '../types';
import { PosixTree, type TreeMeans } from './posixTree';
import type { ProcessTree, TreeIdentity } from './processTree';
import { WindowsTree } from './windowsTree';

/** The tree of a child that was started just now, with this platform's means. */
export function treeOf(
  { pid, start, mark, confinement }: Child,
  // Not kept: the environment in it goes before the tree does.
  { argv, tty }: SpawnSpec,
  lives: () => boolean,
): ProcessTree {
  if (process.platform === 'win32') return new WindowsTree(pid, lives, argv.join(' '));
  return new PosixTree([{ pid, start, tty, isWrapper: confinement?.isWrapped === true }], {
    ...thisMachine(),
    send,
    carries: (carried) => carried === mark,
    // node-pty collects a terminal's child in a thread of its own, a moment before we hear of it.
    holdsPid: () => !tty && lives(),
  });
}

/** All that came of this process's children and lost its parents, whichever tree it was in. Finds nothing without marks. */
export function orphansOfThisHost(): PosixTree {
  return new PosixTree([], { ...thisMachine(), send, carries: carriedFrom(processCalls()?.firstMark ?? 0) });
}

/** All that a process before us has started: the trees that it knew of, and what carries one of its marks. */
export function treeLeftBehind(leaders: readonly TreeIdentity[], firstMark: number): PosixTree {
  return new PosixTree(leaders, { ...wholeMachine(), send, carries: carriedFrom(firstMark) });
}

const carriedFrom = (firstMark: number) => (mark: number) => isMarkOf(firstMark, mark);

export const send: TreeMeans['send'] = (pid, signal, isIt) => {
  const calls = processCalls();
  if (calls) calls.send(pid, signal, isIt);
  else if (isIt()) process.kill(pid, signal);
};
