import { l10n } from 'vscode';
import type { NeededInput } from '../../environment';
import { commandName } from '../text/commandName';
import type { LikelyAnswer } from './likelyAnswers';
import type { Asking } from './needed';

/** What is asked, in a line; what the program wrote if it wrote something. */
export function questionOf({ kind, question }: NeededInput): string {
  return question || (kind === 'secret' ? l10n.t('waits for a secret') : l10n.t('waits for input'));
}

/** The command that asks, short. */
export function askerOf({ process: { spec } }: Asking): string {
  return commandName(spec);
}

/** How many wait: `1 command needs you`. */
export function needCount(count: number): string {
  return count === 1
    ? l10n.t('1 command needs you')
    : l10n.t({ message: '{0} commands need you', args: [count], comment: ['{0} is 2 or more'] });
}

export function answerLabel({ label }: LikelyAnswer): string {
  return { yes: l10n.t('Yes'), no: l10n.t('No'), continue: l10n.t('Continue') }[label];
}
