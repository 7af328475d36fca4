import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { shortLine } from '../text/clean';
import { clientLabel } from './clientName';
import { ROW_WORDS } from './rowWords';

const NAME_CHARACTERS = 60;

/** Who stopped it first, in words. */
export function stopper({ stoppedBy, owner }: Pick<ManagedProcess, 'stoppedBy' | 'owner'>): string {
  const client = shortLine(clientLabel(owner.name), NAME_CHARACTERS) || '?';
  switch (stoppedBy) {
    case 'person':
      return l10n.t('you');
    case 'gone':
      return l10n.t('the server, because {0} was gone', client);
    case 'shutdown':
      return l10n.t('server shutdown');
    case 'client':
    case null:
      return client;
  }
}

/** What a stop has come to: `6 ended, 2 by force, 1 survived`. */
export function stopped({ stopReport }: Pick<ManagedProcess, 'stopReport'>): string {
  if (!stopReport) return '';
  const { ended, forced, left, asked, done } = stopReport;
  const count = Math.max(ended, asked - left.length);
  const parts = [
    l10n.t({ message: '{0} ended', args: [count], comment: ['{0} is a number of processes'] }),
    forced > 0
      ? l10n.t({ message: '{0} by force', args: [forced], comment: ['{0} is a number of processes'] })
      : '',
    left.length > 0 ? leftWord(left.length, done) : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** What is left of a stop that goes on has not survived it. */
function leftWord(count: number, isDone: boolean): string {
  if (isDone) return ROW_WORDS.survived(count);
  return l10n.t({ message: '{0} left', args: [count], comment: ['{0} is a number of processes'] });
}
