import { homedir } from 'node:os';
import { sep } from 'node:path';
import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { shortLine } from '../text/clean';
import { processLabel } from '../text/commandLabel';
import { clientLabel } from '../tree/clientName';
import { dim } from './dim';

/** Less of a command says nothing. */
const LEAST_COMMAND_CHARACTERS = 24;

/** What stands above the output of a command. */
export const headerText = {
  /** Command, agent, folder and time on one dim line, which fits if it can. */
  line: (process: ManagedProcess, columns: number): string => {
    const { spec, owner, environmentId, startedAt } = process;
    const folder = environmentId === null ? homely(spec.cwd) : `${environmentId}: ${spec.cwd}`;
    const parts = [clientLabel(owner.name), folder, new Date(startedAt).toLocaleTimeString()];
    const about = shortLine(parts.join(' · '), columns - LEAST_COMMAND_CHARACTERS);
    const room = Math.max(LEAST_COMMAND_CHARACTERS, columns - about.length - 6);
    return `\x1b[0;2m$ ${shortLine(processLabel(spec), room)} — ${about}\x1b[0m`;
  },
  /** Stands for lines that the terminal has no room for. */
  earlier: (lines: number): string => dim(earlierText(lines.toLocaleString())),
  /** Whether a line is such a one. */
  isEarlier: (line: string): boolean => {
    const [before = '', after = ''] = earlierText('\n').split('\n');
    return line.startsWith(before) && line.trimEnd().endsWith(after);
  },
};

function earlierText(lines: string): string {
  return l10n.t({
    message: '{0} earlier lines: {1}',
    args: [lines, openOutputText()],
    comment: ['{1} is the name of a command'],
  });
}

/** The command that shows all of an output, as it is called in terminals, where a click on it runs it. */
export function openOutputText(): string {
  return l10n.t('Open Output in Editor');
}

function homely(folder: string): string {
  const home = homedir();
  return folder === home || folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}
