import * as vscode from 'vscode';
import type { Tool, ToolEffect } from '../../agents/tools/tool';
import type { Hub } from '../../hub';
import type { ToolInput, ToolQuestion } from '../show/toolCall';
import { commandLabel } from '../text/commandLabel';

/** A line about a call that is under way. */
export function doing({ effect, title }: Tool, input: ToolInput): string {
  const { l10n } = vscode;
  if (effect === 'runs') return l10n.t('Running {0}', text(input['cmd']));
  return input['session_id'] === undefined ? title : `${title} (${text(input['session_id'])})`;
}

/** What to ask before a call that has an effect; undefined for one that only looks. */
export function question(
  { effect }: Tool,
  input: ToolInput,
  hub: Pick<Hub, 'get'>,
): ToolQuestion | undefined {
  const { l10n } = vscode;
  const chars = text(input['chars']);
  if (effect === 'reads' || (effect === 'types' && chars === '')) return undefined;
  if (effect === 'runs')
    return {
      title: l10n.t('Run this command?'),
      code: text(input['cmd']),
      facts: [
        ...(input['workdir'] === undefined ? [] : [l10n.t('In the folder {0}', text(input['workdir']))]),
        ...(input['environment'] === undefined
          ? []
          : [l10n.t('On the machine {0}', text(input['environment']))]),
        l10n.t('You can watch it, type into it and stop it in the Exec Server view.'),
      ],
    };
  const process = hub.get(`p${text(input['session_id'])}`);
  const command = process ? commandLabel(process.spec.argv) : text(input['session_id']);
  return effect === 'types'
    ? { title: titles().types, code: chars, facts: [l10n.t('Into the command {0}', command)] }
    : { title: titles()[effect], code: command, facts: [] };
}

function titles(): Record<Exclude<ToolEffect, 'runs' | 'reads'>, string> {
  return {
    types: vscode.l10n.t('Type this into a running command?'),
    stops: vscode.l10n.t('Stop this command?'),
  };
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
