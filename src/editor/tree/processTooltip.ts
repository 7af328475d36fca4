import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { lookAt, type ManagedProcess, type Member } from '../../environment';
import { nameSurvivors } from '../commands/named';
import { questionOf } from '../needs/words';
import { Tooltip } from '../show/tooltip';
import { formatBytes, formatDuration } from '../text/amounts';
import { shortLine } from '../text/clean';
import { commandHead } from '../text/commandLabel';
import { exitWord } from '../text/exitText';
import { cpuText, ROW_WORDS } from './rowWords';
import { stopped, stopper } from './stopWords';
import { clientName } from './clientName';
import { keyboardWords } from './describe';
import { unusual } from './unusual';
import { viewModel } from './viewModel';

/** A tooltip is not the place to read a long script. */
const TOOLTIP_CHARACTERS = 2000;
const VARIABLES_CHARACTERS = 400;
/** Between two looks at what it uses, in ms. */
const SAMPLE_MS = 100;
/** A tooltip waits no longer for that, in ms, and for another machine. */
const PATIENCE_MS = 300;
const FAR_PATIENCE_MS = 1500;

/** Made when it is looked at; what it uses then takes a moment to see. */
export async function processTooltip(process: ManagedProcess): Promise<Tooltip> {
  const patienceMs = process.environmentId === null ? PATIENCE_MS : FAR_PATIENCE_MS;
  const late = sleep(patienceMs, undefined, { ref: false });
  const use = process.state === 'running' ? useOf(process).catch(() => undefined) : undefined;
  const uses = await Promise.race([use, late]);
  const { spec, owner, totalBytes, droppedBytes, pid, farPid, environmentId, problem } = process;
  const tooltip = new Tooltip().code(commandHead(spec.argv, spec.arg0, TOOLTIP_CHARACTERS));
  const line = (name: string, value: string): void => void tooltip.line(name, value);
  if (environmentId !== null) line(vscode.l10n.t('Environment'), environmentId);
  line(vscode.l10n.t('Folder'), spec.cwd);
  line(
    vscode.l10n.t('Started'),
    `${new Date(process.startedAt).toLocaleTimeString()} · ${clientName(owner.name)}`,
  );
  if (process.endedAt !== null && !process.noStart) line(vscode.l10n.t('Ended'), endLine(process));
  if (process.sandboxWords) line(vscode.l10n.t('Sandbox'), process.sandboxWords.full.join(' · '));
  if (process.sandboxDenied) line(vscode.l10n.t('Denied'), vscode.l10n.t('it failed because of its sandbox'));
  line(vscode.l10n.t('Protocol'), unusual([owner.dialect]).join(', '));
  const { noStart } = process;
  if (noStart) {
    line(noStart.why === 'failed' ? vscode.l10n.t('Not started') : vscode.l10n.t('Refused'), noStart.reason);
    return tooltip;
  }
  line(
    vscode.l10n.t('Process'),
    // Not every machine tells its numbers.
    [pid ?? farPid ?? '', spec.tty ? vscode.l10n.t('in a terminal') : vscode.l10n.t('without a terminal')]
      .filter(Boolean)
      .join(' · '),
  );
  if (uses) line(vscode.l10n.t('Uses'), uses.now);
  if (uses?.ports)
    line(vscode.l10n.t('Listens on'), environmentId === null ? uses.ports : portsThere(uses.ports));
  line(vscode.l10n.t('Variables'), variables(spec.env));
  const size = formatBytes(totalBytes);
  // The editor asks once and shows it until the row changes.
  const output =
    process.state === 'running' ? vscode.l10n.t('{0} at {1}', size, new Date().toLocaleTimeString()) : size;
  line(
    vscode.l10n.t('Output'),
    droppedBytes > 0
      ? vscode.l10n.t('{0}, the first {1} dropped', output, formatBytes(droppedBytes))
      : output,
  );
  const { needsInput } = process;
  if (needsInput) line(vscode.l10n.t('Needs you'), questionOf(needsInput));
  line(vscode.l10n.t('Keyboard'), keyboardWords(viewModel(process), ROW_WORDS));
  if (problem !== null) line(vscode.l10n.t('Lost'), problem);
  if (process.stoppedBy)
    line(vscode.l10n.t('Stopped by'), [stopper(process), stopped(process)].filter(Boolean).join(' · '));
  const survivors = process.stopReport?.done ? process.stopReport.left : [];
  if (survivors.length) line(vscode.l10n.t('Still runs'), nameSurvivors(survivors));
  return tooltip;
}

/** `14:03:12 · after 12 s · SIGSEGV`. */
function endLine({ startedAt, endedAt, exitCode, exitSignal, state }: ManagedProcess): string {
  const end = endedAt ?? startedAt;
  const how = state === 'lost' ? '' : exitWord(exitCode ?? 0, exitSignal, ROW_WORDS);
  const after = vscode.l10n.t({
    message: 'after {0}',
    args: [formatDuration(end - startedAt)],
    comment: ['{0} is how long it ran, like "12 s"'],
  });
  return [new Date(end).toLocaleTimeString(), after, how].filter(Boolean).join(' · ');
}

/** Names alone: values may be secrets. */
function variables(env: Readonly<Record<string, string>>): string {
  const names = Object.keys(env).sort();
  return names.length ? shortLine(`${names.length}: ${names.join(', ')}`, VARIABLES_CHARACTERS) : '';
}

/** Nothing of this machine leads there. */
function portsThere(ports: string): string {
  return vscode.l10n.t({ message: '{0} there', args: [ports], comment: ['{0}: ports of another machine'] });
}

/** What it and all that came of it use now, and where they listen; undefined where nobody tells. */
async function useOf(process: ManagedProcess): Promise<{ now: string; ports: string } | undefined> {
  const before = new Map((await lookAt(process)).members.map((member) => [member.pid, member]));
  if (!before.size) return undefined;
  const from = performance.now();
  await sleep(SAMPLE_MS);
  const { members, ports } = await lookAt(process, { ports: true });
  const total = (value: (member: Member) => number): number =>
    members.reduce((sum, member) => sum + value(member), 0);
  const cpuMs = total(({ pid, usage }) => {
    const earlier = before.get(pid)?.usage;
    return usage && earlier ? usage.cpuMs - earlier.cpuMs : 0;
  });
  const parts = [
    cpuText(Math.round((cpuMs / (performance.now() - from)) * 100)),
    formatBytes(total(({ usage }) => usage?.memoryBytes ?? 0)),
    members.length > 1
      ? vscode.l10n.t({
          message: '{0} processes',
          args: [members.length],
          comment: ['{0} is 2 or more'],
        })
      : '',
  ];
  return { now: parts.filter(Boolean).join(' · '), ports: ports.map(({ port }) => port).join(', ') };
}
