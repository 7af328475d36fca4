import { l10n } from 'vscode';
import type { ProcessOwner } from '../environment';

const SHELL = 'person:shell';
const AGAIN = 'editor:person';

/** Under these names people's own commands are listed. */
export const person = {
  shell: (): ProcessOwner => ({ id: SHELL, name: l10n.t('Shell') }),
  again: (): ProcessOwner => ({ id: AGAIN, name: l10n.t('You') }),
};

/** Whether a person has started it for themselves: there is no agent to take it over from. */
export function isPersons({ id }: Pick<ProcessOwner, 'id'>): boolean {
  return id === SHELL || id === AGAIN;
}
