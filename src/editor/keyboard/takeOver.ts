import type { ManagedProcess } from '../../environment';
import { isPersons } from '../person';
import { settings } from '../settings';
import { CTRL_C } from '../terminal/lineEditor';

/** Whether a person types into it, or an agent waits to. */
export function isTaken({ keyboard }: ManagedProcess): boolean {
  return keyboard.taken || keyboard.heldBytes !== null;
}

/**
 * A person has typed this: from now on they have the keyboard. Not at a prompt that hides it, where agents are held
 * until it is answered and go on by themselves.
 */
export function takeOverByTyping(process: ManagedProcess, typed: string): void {
  if (typed === CTRL_C || isPersons(process.owner) || !settings.typingTakesOver()) return;
  if (process.state === 'running' && !process.keyboard.hides) process.keyboard.takeOver();
}
