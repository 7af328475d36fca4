import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import type { Log } from '../show/log';
import { showWarning } from '../show/notices';
import { clientName } from '../tree/clientName';
import { answer, typeAnswer } from './answer';
import { likelyAnswers } from './likelyAnswers';
import type { Asking, Needed } from './needed';
import { answerLabel, askerOf, questionOf } from './words';

export interface NoticeParts {
  readonly needed: Needed;
  /** Whether a person sees the rows, and so the questions. */
  readonly isSeen: () => boolean;
  /** Opens its terminal. */
  readonly open: (process: ManagedProcess) => void;
  readonly log: Log;
}

/** Calls a person who does not see the rows: one notice at a time, and one for each question. */
export function callForHelp(parts: NoticeParts): void {
  new Notice(parts).start();
}

class Notice {
  /** Undefined while none is there. */
  private shown: Asking | undefined;
  private readonly told = new WeakMap<ManagedProcess, string>();

  constructor(private readonly parts: NoticeParts) {}

  start(): void {
    this.parts.needed.on('changed', this.look);
  }

  private readonly look = (): void => {
    // The editor lets nobody take a notice back: one whose question is over keeps no other from coming.
    if ((this.shown && this.parts.needed.isOpen(this.shown)) || this.parts.isSeen()) return;
    const next = this.parts.needed.list().find(({ process, needs }) => !this.wasTold(process, needs));
    if (!next) return;
    this.told.set(next.process, next.needs.question);
    this.shown = next;
    this.show(next)
      .catch((error: unknown) => this.parts.log.error(`The answer was not typed: ${String(error)}`))
      .finally(() => {
        if (this.shown === next) this.shown = undefined;
        this.look();
      });
  };

  private wasTold(process: ManagedProcess, { question }: Asking['needs']): boolean {
    return this.told.get(process) === question;
  }

  private async show(asking: Asking): Promise<void> {
    const { needs, process } = asking;
    const open = l10n.t('Open');
    const typeIt = l10n.t('Answer…');
    const likely = needs.kind === 'input' ? likelyAnswers(needs.question) : [];
    const labels = likely.length ? likely.map(answerLabel) : [typeIt];
    const choice = await showWarning(this.sentence(asking), open, ...labels);
    if (choice === open) {
      this.parts.open(process);
      return;
    }
    if (choice === typeIt) return answer(asking, this.parts.needed);
    const chosen = likely.find((one) => answerLabel(one) === choice);
    if (chosen) await typeAnswer(asking, chosen.text, this.parts.needed);
  }

  private sentence(asking: Asking): string {
    const args = [clientName(asking.process.owner.name), askerOf(asking), questionOf(asking.needs)];
    return asking.needs.kind === 'secret'
      ? l10n.t({
          message: '{0}: "{1}" asks for a secret: {2}',
          args,
          comment: ['{0} is an agent, {1} its command, {2} what that asks'],
        })
      : l10n.t({
          message: '{0}: "{1}" asks: {2}',
          args,
          comment: ['{0} is an agent, {1} its command, {2} what that asks'],
        });
  }
}
