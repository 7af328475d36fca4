import { l10n } from 'vscode';
import { lookAt, type ManagedProcess } from '../../environment';
import { pickOne } from '../show/choices';
import { flash, showWarning } from '../show/notices';
import { commandName } from '../text/commandName';
import type { MemberNode } from '../tree/nodes';

interface SignalChoice {
  readonly label: NodeJS.Signals;
  readonly description: string;
  readonly value: NodeJS.Signals;
}

/** Those that neither Interrupt nor Kill sends. */
const choices = (): SignalChoice[] => {
  const one = (value: NodeJS.Signals, description: string) => ({ label: value, description, value });
  return [
    one('SIGHUP', l10n.t('its terminal has gone; servers read their configuration again')),
    one('SIGQUIT', l10n.t('quit and leave a core dump; Java prints its threads')),
    one('SIGUSR1', l10n.t('whatever the program takes it for; Node opens its debugger')),
    one('SIGUSR2', l10n.t('whatever the program takes it for')),
    one('SIGSTOP', l10n.t('pause until SIGCONT')),
    one('SIGCONT', l10n.t('go on')),
    one('SIGWINCH', l10n.t('the size of its terminal has changed')),
  ];
};

/** Asks for a signal, and of several processes for one; `member` is one that was chosen already. */
export async function sendSignal(process: ManagedProcess, member?: MemberNode): Promise<void> {
  const signal = await pickOne(choices(), {
    title: l10n.t('Send Signal'),
    placeHolder: commandName(process.spec),
  });
  if (!signal) return;
  const target = member?.member.pid ?? (await askMember(process));
  if (target === undefined) return;
  if (await process.sendSignal(signal, target === 'all' ? undefined : target)) {
    flash(l10n.t({ message: '{0} sent', args: [signal], comment: ['{0} is a signal such as SIGHUP'] }));
  } else {
    void showWarning(
      l10n.t({
        message: '{0} reached nobody: the process has ended, or belongs to another user.',
        args: [signal],
        comment: ['{0} is a signal such as SIGHUP'],
      }),
    );
  }
}

async function askMember(process: ManagedProcess): Promise<number | 'all' | undefined> {
  const { members } = await lookAt(process);
  if (members.length <= 1) return process.pid ?? process.farPid ?? undefined;
  const entries: { label: string; description: string; value: number | 'all' }[] = [
    { label: l10n.t('All of them'), description: '', value: 'all' },
    ...members.map(({ pid, command }) => ({ label: command, description: String(pid), value: pid })),
  ];
  return pickOne(entries, { title: l10n.t('Send Signal') });
}
