import { l10n } from 'vscode';
import { typeLine } from '../keyboard/typedLine';
import { pickOne, type Choice } from '../show/choices';
import { showWarning } from '../show/notices';
import { askLine, askSecret } from '../show/steps';
import { likelyAnswers } from './likelyAnswers';
import type { Asking, Needed } from './needed';
import { answerLabel, askerOf, questionOf } from './words';

/** Asks the person what the process asks, and types the answer. */
export async function answer(asking: Asking, needed: Needed): Promise<void> {
  // Meanwhile nobody else is to answer.
  const box = asking.process.keyboard.borrow();
  try {
    const text = await ask(asking);
    if (text !== undefined) await typeAnswer(asking, text, needed);
  } finally {
    box[Symbol.dispose]();
  }
}

/** Types it with Enter behind it, unless the process waits for something else by now. */
export async function typeAnswer(asking: Asking, text: string, needed: Needed): Promise<void> {
  const { process } = asking;
  if (!needed.isOpen(asking)) {
    void showWarning(
      l10n.t('Nothing was typed: "{0}" does not wait for that answer any more.', askerOf(asking)),
    );
    return;
  }
  await typeLine(process, text, asking.needs.kind === 'secret');
}

async function ask(asking: Asking): Promise<string | undefined> {
  const { needs } = asking;
  const [title, question] = [askerOf(asking), questionOf(needs)];
  if (needs.kind === 'secret') return askSecret(title, question);
  const likely = likelyAnswers(needs.question);
  if (!likely.length) return askLine(title, question);
  const choices: Choice<() => Thenable<string | undefined>>[] = [
    ...likely.map((one) => ({
      label: answerLabel(one),
      description: one.text,
      value: () => Promise.resolve(one.text),
    })),
    { label: l10n.t('Another Answer…'), value: () => askLine(title, question) },
  ];
  return (await pickOne(choices, { title, placeHolder: question }))?.();
}
