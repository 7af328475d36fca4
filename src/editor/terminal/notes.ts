import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { formatBytes, formatDuration } from '../text/amounts';
import { oneLine } from '../text/clean';
import { exitWord } from '../text/exitText';
import { ROW_WORDS } from '../tree/rowWords';
import { stopped, stopper } from '../tree/stopWords';
import { dim } from './dim';

/** Lines of our own between the output of a child: dim, for a place where a line begins. */
export const notes = {
  reading: (bytes: number): string => dim(l10n.t('Reading {0} of earlier output…', formatBytes(bytes))),
  unreadable: (problem: string): string =>
    dim(l10n.t('Earlier output cannot be shown: {0}', oneLine(problem))),
  skipped: (bytes: number): string => dim(l10n.t('… {0} not shown', formatBytes(bytes))),
  stdinClosed: (): string =>
    dim(l10n.t('The input of this command is closed, so nothing can be typed. Ctrl+C interrupts it.')),
  elsewhere: (): string =>
    dim(l10n.t('Not typed: another window has the keyboard. “Give Back”, here or there, frees it.')),
  lost: (place: string): string =>
    dim(l10n.t('Not sent: the connection to {0} is lost, and this command with it.', place)),
  ended: (process: ManagedProcess): string => dim(endSentence(process)),
};

/** How a process ended, for the last line of its terminal. */
function endSentence(process: ManagedProcess): string {
  const time = formatDuration((process.endedAt ?? Date.now()) - process.startedAt);
  const close = l10n.t('press any key to close');
  const { noStart } = process;
  if (noStart) {
    return noStart.why === 'failed'
      ? l10n.t('[not started: {0} — {1}]', oneLine(noStart.reason), close)
      : l10n.t('[refused: {0} — {1}]', oneLine(noStart.reason), close);
  }
  if (process.state === 'killed') {
    const count = stopped(process);
    // Not known of one that has ended before anybody was counted.
    if (!count) {
      return l10n.t({
        message: '[killed by {0} after {1} — {2}]',
        args: [stopper(process), time, close],
        comment: ['{0} is who killed it, {1} how long it ran, {2} what to do now'],
      });
    }
    return l10n.t({
      message: '[killed by {0} after {1}: {2} — {3}]',
      args: [stopper(process), time, count, close],
      comment: [
        '{0} is who killed it, {1} how long it ran, {2} like "6 ended, 2 by force", {3} what to do now',
      ],
    });
  }
  if (process.state === 'lost' && process.problem !== null)
    return l10n.t('[lost after {0}: {1} — {2}]', time, oneLine(process.problem), close);
  if (process.state === 'lost')
    return l10n.t('[lost after {0}: the exit code is unknown — {1}]', time, close);
  const { exitCode, exitSignal } = process;
  if (exitSignal !== null) {
    const name = exitWord(exitCode ?? 0, exitSignal, ROW_WORDS);
    return l10n.t({
      message: '[ended by {0} after {1} — {2}]',
      args: [name, time, close],
      comment: ['{0} is a signal such as SIGSEGV'],
    });
  }
  return l10n.t('[exited with {0} after {1} — {2}]', exitCode ?? '?', time, close);
}
