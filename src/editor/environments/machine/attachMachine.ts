import * as vscode from 'vscode';
import type { Environments, ProgramEntry } from '../../../hub';
import type { Choice, Heading } from '../../show/choices';
import { askChoice, askText } from '../../show/steps';
import { copyableCommand } from '../../text/commandLabel';
import { splitCommand } from '../commandLine';
import type { Keep } from '../keep';
import { suggestedName } from '../names';
import { findMachines, type Machine } from './machines';
import { attachArgs, OWN_PROGRAM, ownNode } from './program';

/** What is sent to a machine, in MB. */
const SENT_MB = 0.5;
const OTHER = 'other';

/** Brings an exec-server onto a machine that a person picks, and keeps it in the settings once that has worked. */
export async function attachMachine(
  environments: Environments,
  keep: Keep,
  told: (text: string) => void,
): Promise<void> {
  const machine = await askMachine(told);
  if (!machine) return;
  const { words } = machine;
  const taken = environments.entries.good.map(({ id }) => id);
  const id = suggestedName(machine.name, taken);
  if (!(await confirmSending(id, words))) return;
  const attach = async (sendNode?: string): Promise<void> => {
    const entry: ProgramEntry = { id, program: OWN_PROGRAM, args: attachArgs(words, sendNode) };
    const node = ownNode();
    const send = vscode.l10n.t('Send This Machine’s Node');
    const ways = (problem: string): { label: string; run: () => unknown }[] =>
      node !== undefined && problem.includes('--send-node /')
        ? [{ label: send, run: () => attach(node) }]
        : [];
    await keep(entry, { again: () => attach(sendNode), ways });
  };
  await attach();
}

async function askMachine(
  told: (text: string) => void,
): Promise<{ name: string; words: readonly string[] } | undefined> {
  const { l10n } = vscode;
  const title = l10n.t('Attach a Machine');
  const choice = await askChoice<Machine | typeof OTHER>({
    title,
    step: 1,
    totalSteps: 1,
    placeholder: l10n.t('Which machine? Nothing need be installed there but Node.'),
    items: itemsOf(await findMachines(told)),
  });
  if (typeof choice === 'symbol') return undefined;
  if (choice !== OTHER) return choice;
  const line = await askText({
    title,
    step: 1,
    totalSteps: 1,
    prompt: l10n.t('The program and arguments that run a command there. They are started without a shell.'),
    placeholder: 'ssh box',
    validate: (value) => {
      const typed = splitCommand(value);
      if (!typed) return l10n.t('Unclosed quotation mark.');
      return typed[0] ? undefined : l10n.t('Type the name of a program.');
    },
  });
  if (typeof line === 'symbol') return undefined;
  const words = splitCommand(line) ?? [];
  return { name: words.findLast((word) => !word.startsWith('-')) ?? '', words };
}

function itemsOf(machines: readonly Machine[]): (Choice<Machine | typeof OTHER> | Heading)[] {
  const { l10n } = vscode;
  const groups: readonly [Machine['kind'], string, string][] = [
    ['ssh', l10n.t('Hosts of the ssh configuration'), 'remote'],
    ['docker', l10n.t('Containers of Docker'), 'package'],
    ['podman', l10n.t('Containers of Podman'), 'package'],
    ['kubectl', l10n.t('Pods'), 'server'],
    ['lxc', l10n.t('Containers of LXC'), 'package'],
  ];
  const items = groups.flatMap(([kind, heading, icon]): (Choice<Machine> | Heading)[] => {
    const own = machines.filter((machine) => machine.kind === kind);
    if (own.length === 0) return [];
    const choices = own.map((value) => ({ icon, label: value.name, description: value.detail, value }));
    return [{ heading }, ...choices];
  });
  const label = l10n.t('Other command…');
  const detail = l10n.t('Whatever runs a command there, for example srun or another ssh');
  return [...items, { heading: '' }, { icon: 'terminal', label, detail, value: OTHER }];
}

/** What will be done there, asked once a machine: in the settings it is known. */
async function confirmSending(id: string, words: readonly string[]): Promise<boolean> {
  const { l10n } = vscode;
  const answer = await askChoice({
    title: l10n.t('Attach {0}', id),
    step: 1,
    totalSteps: 1,
    placeholder: l10n.t(
      'Commands of agents will run there with the rights of its user. Nothing is installed.',
    ),
    items: [
      {
        icon: 'cloud-upload',
        label: l10n.t('Send and attach'),
        description: copyableCommand([...words, 'sh']),
        detail: l10n.t('About {0} MB, once, to ~/.cache/exec-server there', SENT_MB),
        value: true,
      },
    ],
  });
  return answer === true;
}
