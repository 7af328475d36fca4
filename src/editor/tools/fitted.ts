import type { CancellationToken, LanguageModelToolTokenizationOptions } from 'vscode';

const LEFT_OUT = '\n[… left out, to fit into what the model can take …]\n';
const TRIES = 6;

/** The beginning and the end of a text, so much of it as the model says it can take. */
export async function fitted(
  text: string,
  budget: LanguageModelToolTokenizationOptions,
  token?: CancellationToken,
): Promise<string> {
  let shown = text;
  let room = text.length;
  for (let tries = 0; tries < TRIES; tries++) {
    const tokens = await budget.countTokens(shown, token);
    if (tokens <= budget.tokenBudget) return shown;
    room = Math.floor(((room * budget.tokenBudget) / tokens) * 0.9) - LEFT_OUT.length;
    if (room <= 0) break;
    const half = Math.ceil(room / 2);
    shown = text.slice(0, half) + LEFT_OUT + text.slice(text.length - half);
  }
  return text.slice(0, budget.tokenBudget);
}
