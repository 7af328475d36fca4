import { homedir } from 'node:os';
import { sep } from 'node:path';
import { l10n } from 'vscode';
import type { ManagedProcess } from '../environment';
import { formatBytes, formatDuration } from './text/amounts';
import { oneLine, shortLine } from './text/clean';
import { processLabel } from './text/commandLabel';
import { exitWord, signalName } from './text/exitText';
import { clientLabel } from './tree/clientName';
import { type RowWords } from './tree/describe';

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

const dim = (text: string): string => `\x1b[0;2m${text}\x1b[0m\r\n`;

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

/** Where a document about output is not the output. */
export const documentNote = {
  gone: (): string => l10n.t('This command is no longer listed, so its output is gone.'),
  /** At its beginning; `isLong` when a file could have it all. */
  missing: (bytes: number, isLong: boolean): string =>
    `${
      isLong
        ? l10n.t('… {0} before this are not shown; Save Output As has them.', formatBytes(bytes))
        : l10n.t('… {0} before this were dropped.', formatBytes(bytes))
    }\n`,
};

/** The command that shows all of an output, as it is called in terminals, where a click on it runs it. */
export function openOutputText(): string {
  return l10n.t('Open Output in Editor');
}

function homely(folder: string): string {
  const home = homedir();
  return folder === home || folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}

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

/** How a process ended, before the name of its tab, which has little room. */
export function endMark(process: ManagedProcess): string {
  if (process.state === 'killed') return l10n.t('killed');
  if (process.state === 'lost') return l10n.t('lost');
  if (process.noStart) return '✗';
  const { exitCode, exitSignal } = process;
  if (exitSignal !== null) return `✗ ${signalName(exitSignal) ?? exitSignal}`;
  return exitCode === 0 ? '✓' : `✗ ${exitCode ?? '?'}`;
}

/** How a client stands, and what becomes of its commands when it is gone. Empty for what is not on the wire. */
export function clientStatus(
  { connected, endsAt }: { readonly connected: boolean | undefined; readonly endsAt: number | null },
  busy: boolean,
  shortId: string,
): string {
  if (connected === undefined) return '';
  return [connected ? l10n.t('connected') : goneText(busy, endsAt), shortId].filter(Boolean).join(' · ');
}

/** Since when a client is there; empty for those of which nobody knows. */
export function sinceText(since: number): string {
  if (since === 0) return '';
  return l10n.t({
    message: 'since {0}',
    args: [new Date(since).toLocaleTimeString()],
    comment: ['{0} is a time of day'],
  });
}

function goneText(busy: boolean, endsAt: number | null): string {
  if (!busy) return l10n.t('disconnected');
  if (endsAt === null) return l10n.t('gone, its commands run on');
  return l10n.t({
    message: 'gone, its commands end at {0}',
    args: [new Date(endsAt).toLocaleTimeString()],
    comment: ['{0} is a time of day'],
  });
}
