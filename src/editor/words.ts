import { l10n } from 'vscode';
import type { ManagedProcess } from '../environment/index';
import { formatBytes, formatDuration } from './text/amounts';
import { oneLine } from './text/clean';
import type { RowWords } from './tree/describe';

/** What rows, terminals and screen readers say, in the person's language. */
export const ROW_WORDS: RowWords = {
  running: (time) =>
    l10n.t({ message: 'running {0}', args: [time], comment: ['{0} is a time, like "12 s"'] }),
  stopping: (time) => l10n.t({ message: 'stopping · {0}', args: [time], comment: ['{0} is a time'] }),
  exit: (code, time) =>
    l10n.t({
      message: 'exit {0} · {1}',
      args: [code, time],
      comment: ['{0} is an exit code, {1} is a time'],
    }),
  killed: (time) => l10n.t({ message: 'killed · {0}', args: [time], comment: ['{0} is a time'] }),
  lost: () => l10n.t('lost'),
  held: (description) =>
    l10n.t({
      message: '{0} · children run',
      args: [description],
      comment: ['The command ended; what it started did not'],
    }),
};

const dim = (text: string): string => `\x1b[0;2m${text}\x1b[0m\r\n`;

/** Lines of our own between the output of a child: dim, for a place where a line begins. */
export const notes = {
  skipped: (bytes: number): string => dim(l10n.t('… skipped {0}', formatBytes(bytes))),
  stdinClosed: (): string => dim(l10n.t('This command reads no input. Ctrl+C interrupts it.')),
  ended: (process: ManagedProcess): string => dim(endSentence(process)),
};

/** How a process ended, for the last line of its terminal. */
function endSentence(process: ManagedProcess): string {
  const time = formatDuration((process.endedAt ?? Date.now()) - process.startedAt);
  const close = l10n.t('press any key to close');
  if (process.state === 'killed') return l10n.t('[killed after {0} — {1}]', time, close);
  if (process.state === 'lost' && process.problem !== null)
    return l10n.t('[lost after {0}: {1} — {2}]', time, oneLine(process.problem), close);
  if (process.state === 'lost')
    return l10n.t('[lost after {0}: the exit code is unknown — {1}]', time, close);
  return l10n.t('[exited with {0} after {1} — {2}]', process.exitCode ?? '?', time, close);
}

/** Added to a tab's name after the end. */
export function endMark(process: ManagedProcess): string {
  if (process.state === 'killed') return l10n.t('killed');
  if (process.state === 'lost') return l10n.t('lost');
  return l10n.t('exit {0}', process.exitCode ?? '?');
}

/** A client's own name is shown as data, never as markup. */
export function clientStatus(connected: boolean, internal: boolean, shortId: string): string {
  if (internal) return '';
  return `${connected ? l10n.t('connected') : l10n.t('disconnected')} · ${shortId}`;
}
