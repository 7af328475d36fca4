import * as vscode from 'vscode';
import type { Entry, Environments } from '../../hub';
import { withCancel } from '../show/notices';
import { readEnvironments, writeEnvironments } from '../settings';
import { messageOf } from '../../values';
import { showTrouble, type TroubleAction } from './connecting';

/** What can be done when it does not work. */
export interface Otherwise {
  readonly again: () => unknown;
  /** More ways out, by what went wrong. */
  readonly ways?: (problem: string) => readonly TroubleAction[];
}

/** Connects to what is not in the settings yet, and keeps it there once that has worked. Whether it has. */
export type Keep = (entry: Entry, otherwise: Otherwise) => Promise<boolean>;

/** How `exec-server attach` begins the lines about its steps. */
const STEP = /^exec-server: attach: /;

/** @param attached what follows, such as that its row is shown */
export function keepIn(environments: Environments, attached: (id: string) => Promise<void>): Keep {
  return async (entry, { again, ways = () => [] }) => {
    const { id } = entry;
    try {
      await withCancel(vscode.l10n.t('Connecting to {0}', id), async (signal, report) => {
        const listen = (said: string, line: string): void => {
          if (said === id && STEP.test(line)) report(line.replace(STEP, ''));
        };
        environments.on('said', listen);
        try {
          await environments.tryOut(entry, signal);
        } finally {
          environments.off('said', listen);
        }
      });
      await writeEnvironments([...readEnvironments(), entry]);
    } catch (error) {
      environments.dropCandidate();
      const problem = messageOf(error);
      void showTrouble(id, error, [...ways(problem), { label: vscode.l10n.t('Try Again'), run: again }]);
      return false;
    }
    environments.refresh();
    environments.dropCandidate();
    await attached(id);
    return true;
  };
}
