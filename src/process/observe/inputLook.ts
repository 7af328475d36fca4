import { findInput } from './procInput';

/** Who waits for a process's input. */
export interface InputLook {
  /**
   * `reads`: sleeps in a read of it. `polls`: sleeps until it or something else has news. `hidden`: sleeps, and the
   * system does not tell in what (a program of another user). `none`: nobody does.
   */
  readonly wait: 'reads' | 'polls' | 'hidden' | 'none';
  /** Who does; absent for `none`. */
  readonly reader?: { readonly pid: number; readonly name: string; readonly argv: readonly string[] };
}

/** What is looked at. */
export interface InputOf {
  /** The leader of the tree. */
  readonly pid: number;
  readonly tty: boolean;
  /** The name of its terminal, where that is known. */
  readonly terminal: string | undefined;
}

/** Looks who of a tree waits for its input, in about 0.1 ms; undefined where the system does not tell. Never throws. */
export function lookAtInput(input: InputOf): InputLook | undefined {
  return process.platform === 'linux' ? findInput(input) : undefined;
}
