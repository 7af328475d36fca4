import * as vscode from 'vscode';
import { idFault, readUrl, type Entry, type Environments } from '../../hub';
import { askChoice, askText, walk, type Answer } from '../show/steps';
import { splitCommand } from './commandLine';
import type { Keep } from './keep';
import { suggestedName } from './names';
import type { Tokens } from './tokens';
import { faultText, urlText } from './words';

/** What a person has said so far. */
interface Draft {
  readonly kind?: 'url' | 'command';
  readonly url?: string;
  readonly command?: string;
  readonly token?: string;
  readonly id?: string;
}

/** Asks for an exec-server, connects to it, and keeps it in the settings once that has worked. */
export class Attach {
  constructor(
    private readonly environments: Environments,
    private readonly tokens: Tokens,
    private readonly keep: Keep,
  ) {}

  async run(draft: Draft = {}): Promise<void> {
    const done = await walk(draft, ({ kind }) => [
      kindStep,
      addressStep,
      // Only a URL can have a token.
      ...(kind === 'command' ? [] : [tokenStep]),
      (state) => this.nameStep(state),
    ]);
    const entry = done && entryOf(done);
    if (!entry) return;
    await this.tokens.set(entry.id, done.token);
    const isKept = await this.keep(entry, { again: () => this.run(done) });
    if (!isKept) await this.tokens.set(entry.id, undefined);
  }

  private async nameStep(state: Draft): Promise<Answer<Draft>> {
    const taken = this.environments.entries.good.map(({ id }) => id);
    const answer = await askText({
      ...titled(state, 4),
      prompt: vscode.l10n.t('Name for this environment'),
      value: state.id ?? suggestedName(nameOf(state), taken),
      validate: (value) => {
        const fault = idFault(value.trim(), taken);
        return fault && faultText(fault);
      },
    });
    return typeof answer === 'symbol' ? answer : { ...state, id: answer.trim() };
  }
}

async function kindStep(state: Draft): Promise<Answer<Draft>> {
  const { l10n } = vscode;
  const answer = await askChoice<'url' | 'command'>({
    ...titled(state, 1),
    placeholder: l10n.t('How do you connect to it?'),
    items: [
      {
        icon: 'globe',
        label: l10n.t('WebSocket URL'),
        detail: l10n.t('An exec-server that listens, for example at ws://127.0.0.1:8765'),
        value: 'url',
      },
      {
        icon: 'terminal',
        label: l10n.t('Command'),
        detail: l10n.t(
          'A program that speaks the protocol, for example ssh box exec-server --listen stdio://',
        ),
        value: 'command',
      },
    ],
  });
  return typeof answer === 'symbol' ? answer : { ...state, kind: answer };
}

async function addressStep(state: Draft): Promise<Answer<Draft>> {
  const { l10n } = vscode;
  if (state.kind === 'command') {
    const answer = await askText({
      ...titled(state, 2),
      prompt: l10n.t('Program and arguments. It is started on this machine, without a shell.'),
      placeholder: 'ssh box exec-server --listen stdio://',
      value: state.command ?? '',
      validate: (value) => {
        const words = splitCommand(value);
        if (!words) return l10n.t('Unclosed quotation mark.');
        return words[0] ? undefined : l10n.t('Type the name of a program.');
      },
    });
    return typeof answer === 'symbol' ? answer : { ...state, command: answer };
  }
  const answer = await askText({
    ...titled(state, 2),
    prompt: l10n.t('The URL of the exec-server. A token in its path is kept apart, as a secret.'),
    placeholder: 'ws://127.0.0.1:8765',
    value: state.url ?? '',
    validate: (value) => {
      const typed = readUrl(value);
      return typed.ok ? undefined : urlText(typed.fault);
    },
  });
  if (typeof answer === 'symbol') return answer;
  const typed = readUrl(answer);
  if (!typed.ok) return state;
  return { ...state, url: typed.url, ...(typed.token === undefined ? {} : { token: typed.token }) };
}

async function tokenStep(state: Draft): Promise<Answer<Draft>> {
  const answer = await askText({
    ...titled(state, 3),
    prompt: tokenPrompt(),
    password: true,
    value: state.token ?? '',
  });
  return typeof answer === 'symbol' ? answer : { ...state, token: answer.trim() };
}

/** How a token is asked for, here and when it is changed. */
export function tokenPrompt(): string {
  return vscode.l10n.t('Token (leave empty if none). Stored in VS Code’s secret storage.');
}

function titled(state: Draft, step: number): { title: string; step: number; totalSteps: number } {
  const short = state.kind === 'command';
  return {
    title: vscode.l10n.t('Attach Exec Server'),
    step: short && step > 2 ? step - 1 : step,
    totalSteps: short ? 3 : 4,
  };
}

/** What it may be called: by its host, or the first word that is no option. */
function nameOf({ url, command }: Draft): string {
  if (url !== undefined) return new URL(url).host;
  const words = splitCommand(command ?? '') ?? [];
  return words.slice(1).find((word) => !word.startsWith('-')) ?? words[0] ?? '';
}

function entryOf({ kind, url, command, id = '' }: Draft): Entry | undefined {
  if (kind === 'url' && url !== undefined) return { id, url };
  const [program, ...args] = splitCommand(command ?? '') ?? [];
  return program === undefined ? undefined : { id, program, args };
}
