import { l10n } from 'vscode';
import type { Agent, Ended, Happening, ServerEnd } from '../../record';
import { formatBytes, formatDuration } from '../text/amounts';
import { commandName } from '../text/commandName';
import { exitWord } from '../text/exitText';
import { clientName } from '../tree/clientName';
import { ROW_WORDS } from '../tree/rowWords';

/** An icon for each kind of thing. */
export const HAPPENING_ICONS: Readonly<Record<Happening['kind'], string>> = {
  opened: 'window',
  closed: 'window',
  attached: 'window',
  detached: 'window',
  idle: 'clock',
  endedAll: 'debug-stop',
  signalled: 'debug-stop',
  connected: 'plug',
  disconnected: 'debug-disconnect',
  left: 'debug-disconnect',
  ran: 'play',
  refused: 'circle-slash',
  ended: 'debug-stop',
  typed: 'keyboard',
  tookKeyboard: 'account',
  gaveBack: 'account',
  read: 'file',
  wrote: 'edit',
  removed: 'trash',
  fetched: 'globe',
  turnedAway: 'lock',
  cleared: 'clear-all',
  missing: 'warning',
};

/**
 * What happened, in a sentence.
 *
 * @param nameOf what a command of the same window is called
 */
export function sentenceOf(happening: Happening, nameOf: (row: string) => string): string {
  switch (happening.kind) {
    case 'opened':
      return l10n.t('A window was opened');
    case 'closed':
      return l10n.t('The window was closed');
    case 'attached':
      return l10n.t('A window found the commands that were kept running');
    case 'detached':
      return l10n.t('A window left; its commands are kept running');
    case 'idle':
      return l10n.t(
        'No window came back for {0}: what was kept running was ended',
        formatDuration(happening.ms),
      );
    case 'endedAll':
      return l10n.t('You ended everything that was kept running');
    case 'signalled':
      return l10n.t('{0} from outside ended the server that kept commands running', happening.signal);
    case 'connected':
      return l10n.t('{0} connected', agentName(happening));
    case 'disconnected':
      return l10n.t('{0} lost its connection', agentName(happening));
    case 'left':
      return l10n.t('{0} left', agentName(happening));
    case 'ran':
      return l10n.t('{0} ran {1}', agentName(happening), commandName(happening));
    case 'refused':
      return happening.failed
        ? l10n.t('{0} could not start {1}', agentName(happening), commandName(happening))
        : l10n.t('{0} was refused {1}', agentName(happening), commandName(happening));
    case 'ended':
      return endSentence(happening, nameOf(happening.row));
    case 'typed': {
      const name = nameOf(happening.row);
      if (happening.bytes === undefined) return l10n.t('You answered a hidden prompt of {0}', name);
      const amount = formatBytes(happening.bytes);
      return happening.by === 'person'
        ? l10n.t('You typed {0} into {1}', amount, name)
        : l10n.t('{0} typed {1} into {2}', agentName(happening), amount, name);
    }
    case 'tookKeyboard':
      return l10n.t('You took over {0}', nameOf(happening.row));
    case 'gaveBack':
      return l10n.t('You gave back {0}', nameOf(happening.row));
    case 'read':
      return l10n.t('{0} read {1}', agentName(happening), happening.path);
    case 'wrote':
      return l10n.t('{0} wrote {1}', agentName(happening), happening.path);
    case 'removed':
      return l10n.t('{0} removed {1}', agentName(happening), happening.path);
    case 'fetched':
      return l10n.t('{0} fetched from {1}', agentName(happening), happening.host);
    case 'turnedAway':
      return happening.times > 1
        ? l10n.t('Somebody was turned away {0} times ({1})', happening.times, happening.status)
        : l10n.t('Somebody was turned away ({0})', happening.status);
    case 'cleared':
      return l10n.t('You cleared what had finished');
    case 'missing':
      return l10n.t('{0} lines are missing: the disk was behind', happening.lines);
  }
}

/** How a command ended, short: `exit 1 · 3 s`, `killed · 3 s`. */
export function endMark({ state, exitCode, signal, by, why, ms }: Ended): string {
  const time = formatDuration(ms);
  if (why) return serverEndMark(why, time);
  if (by === 'shutdown') return l10n.t('ended with its window · {0}', time);
  if (state === 'lost') return ROW_WORDS.lost();
  return `${state === 'killed' ? ROW_WORDS.killed() : exitWord(exitCode ?? 0, signal, ROW_WORDS)} · ${time}`;
}

function serverEndMark(why: ServerEnd, time: string): string {
  switch (why) {
    case 'idle':
      return l10n.t('no window came back · {0}', time);
    case 'endedAll':
      return l10n.t('you ended everything · {0}', time);
    case 'signalled':
      return l10n.t('a signal ended the kept server · {0}', time);
    case 'stopped':
      return l10n.t('you stopped the server · {0}', time);
    case 'restarted':
      return l10n.t('you restarted the server · {0}', time);
    case 'renewed':
      return l10n.t('you renewed the token · {0}', time);
  }
}

function endSentence(ended: Ended, name: string): string {
  const mark = endMark(ended);
  if (ended.denied) return l10n.t('{0} failed because of its sandbox: {1}', name, mark);
  const agent = agentName(ended);
  if (ended.by === 'person') return l10n.t('You ended {0}: {1}', name, mark);
  if (ended.by === 'client') return l10n.t('{0} ended {1}: {2}', agent, name, mark);
  if (ended.by === 'gone')
    return l10n.t('The server ended {0}, because {1} was gone: {2}', name, agent, mark);
  return l10n.t('{0} ended: {1}', name, mark);
}

function agentName({ agent }: { readonly agent: Agent }): string {
  return clientName(agent.name);
}
