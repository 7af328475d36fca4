import { l10n } from 'vscode';
import type { ManagedProcess, Survivor } from '../../environment';
import { shortLine } from '../text/clean';
import { processLabel } from '../text/commandLabel';
import { essence } from '../text/essence';

const SHOWN = 5;
const NAME_CHARACTERS = 60;

/** Commands by their names, the first five of them, for a question about them. */
export function nameCommands(processes: readonly ManagedProcess[]): string {
  return listed(processes.map(({ spec }) => essence(processLabel(spec))));
}

/** What outlived a kill: `sleep 779 (4711)`. */
export function nameSurvivors(survivors: readonly Survivor[]): string {
  return listed(
    survivors.map(
      ({ pid, command }) => shortLine(command, NAME_CHARACTERS) + (pid === null ? '' : ` (${pid})`),
    ),
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => shortLine(name, NAME_CHARACTERS));
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join(', ');
}
