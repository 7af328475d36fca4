import { l10n } from 'vscode';
import { formatBytes } from '../text/amounts';
import { type RowWords } from './describe';

/** What rows, terminals and screen readers say, in the person's language. */
export const ROW_WORDS: RowWords = {
  running: (since) =>
    l10n.t({
      message: 'running since {0}',
      args: [since],
      comment: ['{0} is a time of day, like "14:02"'],
    }),
  stopping: (asked, left) =>
    asked <= 1
      ? l10n.t('stopping')
      : l10n.t({
          message: 'stopping · {0} asked, {1} left',
          args: [asked, left],
          comment: ['Of {0} processes that were asked to end {1} are left'],
        }),
  since: (time) =>
    l10n.t({ message: 'since {0}', args: [time], comment: ['{0} is a time of day, like "14:02"'] }),
  exit: (code) => l10n.t({ message: 'exit {0}', args: [code], comment: ['{0} is an exit code'] }),
  killed: () => l10n.t('killed'),
  survived: (count) =>
    l10n.t({ message: '{0} survived', args: [count], comment: ['So many processes outlived a kill'] }),
  lost: () => l10n.t('lost'),
  refused: () => l10n.t('refused'),
  unstarted: () => l10n.t('not started'),
  noStart: (why, reason) => {
    switch (why) {
      case 'network':
        return l10n.t('asks for a network proxy, which this server has not: turn off the managed network');
      case 'sandbox':
      case 'failed':
        return reason;
    }
  },
  asks: (question) =>
    question
      ? l10n.t({ message: 'needs you: {0}', args: [question], comment: ['{0} is what a command asks'] })
      : l10n.t('waits for input'),
  secret: (question) =>
    question
      ? l10n.t({
          message: 'needs a secret from you: {0}',
          args: [question],
          comment: ['{0} is what a command asks'],
        })
      : l10n.t('waits for a secret'),
  keyboard: (taken, heldBytes) => {
    if (heldBytes === null) return l10n.t('you have the keyboard');
    const args = [formatBytes(heldBytes)];
    return taken
      ? l10n.t({
          message: 'you have the keyboard, {0} of the agent wait',
          args,
          comment: ['{0} is an amount, like "12 B"'],
        })
      : l10n.t({
          message: '{0} of the agent wait for you',
          args,
          comment: ['{0} is an amount, like "12 B"'],
        });
  },
  typing: () => l10n.t('you type'),
  held: (bytes) =>
    l10n.t({
      message: '{0} of the agent wait',
      args: [formatBytes(bytes)],
      comment: ['{0} is an amount, like "12 B"'],
    }),
  keyboardElsewhere: () => l10n.t('another window has the keyboard'),
  atPrompt: () => l10n.t('at its prompt'),
  streamsOpen: (description) =>
    l10n.t({
      message: '{0} · child processes still running',
      args: [description],
      comment: ['The command ended; what it started did not'],
    }),
};

/** A part of one processor. */
export const cpuText = (percent: number): string =>
  l10n.t({ message: '{0} % CPU', args: [percent], comment: ['{0} is a percentage of one processor'] });

/** The row under which finished commands are folded. */
export const finishedText = {
  title: (count: number): string =>
    l10n.t({ message: 'Finished ({0})', args: [count], comment: ['{0} is a number of commands'] }),
  failed: (count: number): string =>
    l10n.t({ message: '{0} failed', args: [count], comment: ['{0} is a number of commands'] }),
};
