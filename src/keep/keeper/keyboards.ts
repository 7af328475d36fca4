import type { ManagedProcess } from '../../environment';

const ELSEWHERE =
  'Somebody types into this command at another window. "Give Back", here or there, frees its keyboard.';

/** At which window the person sits who has a keyboard: of several windows one alone. */
export class Keyboards {
  private readonly holders = new Map<ManagedProcess, object>();

  /** @param moved called when another window, or none, has the keyboard of a row */
  constructor(private readonly moved: (row: ManagedProcess) => void) {}

  /** Whether a person at another window has it. */
  isElsewhere(row: ManagedProcess, window: object): boolean {
    const holder = this.holders.get(row);
    return row.keyboard.taken && holder !== undefined && holder !== window;
  }

  /**
   * Refuses what only the window may do whose person has the keyboard.
   *
   * @throws Error with a sentence if a person at another window has it
   */
  assertHere(row: ManagedProcess, window: object): void {
    if (this.isElsewhere(row, window)) throw new Error(ELSEWHERE);
    // Whoever had it may have reloaded their window.
    if (row.keyboard.taken) this.hold(row, window);
  }

  /**
   * A person at this window takes the keyboard.
   *
   * @throws Error with a sentence if a person at another window has it
   */
  takeOver(row: ManagedProcess, window: object): void {
    this.assertHere(row, window);
    this.hold(row, window);
    row.keyboard.takeOver();
  }

  /** From whichever window. */
  giveBack(row: ManagedProcess): void {
    this.holders.delete(row);
    row.keyboard.giveBack();
  }

  /** The row is gone. */
  forget(row: ManagedProcess): void {
    this.holders.delete(row);
  }

  /** The window is gone: what it had stays taken, for whoever types first. */
  left(window: object): void {
    for (const [row, holder] of [...this.holders]) {
      if (holder !== window) continue;
      this.holders.delete(row);
      this.moved(row);
    }
  }

  private hold(row: ManagedProcess, window: object): void {
    if (this.holders.get(row) === window) return;
    this.holders.set(row, window);
    this.moved(row);
  }
}
