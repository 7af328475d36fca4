import * as vscode from 'vscode';
import { plain } from '../text/plain';
import { itemOf, type Choice, type Heading } from './choices';

/** What a step gives when the person goes back, or away. */
export const BACK = Symbol('back');
export const AWAY = Symbol('away');
export type Answer<T> = T | typeof BACK | typeof AWAY;

interface Step {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextStep extends Step {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  /** What is wrong with it, in words; undefined when it can be taken. */
  readonly validate?: (value: string) => string | undefined;
}

/** Asks for one line. */
export function askText(options: TextStep): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  const { title, step, totalSteps, prompt, placeholder, value, password, validate } = options;
  Object.assign(input, {
    title: plain(title),
    step,
    totalSteps,
    prompt: plain(prompt),
    placeholder: plain(placeholder ?? ''),
    value: value ?? '',
    password: password ?? false,
  });
  return show(input, step, (accept) => {
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      const fault = validate?.(input.value);
      input.validationMessage = fault === undefined ? undefined : plain(fault);
      if (fault === undefined) accept(input.value);
    });
  });
}

/** Asks for a secret by itself; undefined when the person goes away, or nobody waits for the answer any more. */
export async function askSecret(
  title: string,
  prompt: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const gone = new vscode.CancellationTokenSource();
  const cancel = (): void => gone.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const options = { title: plain(title), prompt: plain(prompt), password: true, ignoreFocusOut: true };
  try {
    return await vscode.window.showInputBox(options, gone.token);
  } finally {
    signal?.removeEventListener('abort', cancel);
    gone.dispose();
  }
}

/** Asks for one line by itself; undefined when the person goes away. */
export function askLine(title: string, prompt: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title: plain(title), prompt: plain(prompt), ignoreFocusOut: true });
}

export interface ChoiceStep<T> extends Step {
  readonly placeholder: string;
  readonly items: readonly (Choice<T> | Heading)[];
}

/** Asks for one of several. */
export function askChoice<T>(options: ChoiceStep<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<ReturnType<typeof itemOf<T>>>();
  const { title, step, totalSteps, placeholder, items } = options;
  Object.assign(pick, {
    title: plain(title),
    step,
    totalSteps,
    placeholder: plain(placeholder),
    items: items.map((item) => itemOf<T>(item)),
  });
  return show(pick, step, (accept) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen?.value !== undefined) accept(chosen.value);
    });
  });
}

type Steps<T> = readonly ((state: T) => Promise<Answer<T>>)[];

/** The steps that fit what was said so far, one after the other. Undefined when the person goes away. */
export async function walk<T>(state: T, stepsFor: (state: T) => Steps<T>): Promise<T | undefined> {
  const before: T[] = [];
  for (let current = state; ;) {
    const step = stepsFor(current)[before.length];
    if (!step) return current;
    const answer = await step(current);
    if (answer === AWAY) return undefined;
    if (answer === BACK) current = before.pop() ?? state;
    else {
      before.push(current);
      current = answer;
    }
  }
}

function show<T>(
  input: vscode.InputBox | vscode.QuickPick<ReturnType<typeof itemOf<T>>>,
  step: number,
  listen: (accept: (value: T) => void) => void,
): Promise<Answer<T>> {
  // A click elsewhere must not throw away what was typed so far.
  input.ignoreFocusOut = true;
  if (step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer<T>>((resolve) => {
    listen(resolve);
    input.onDidTriggerButton(() => resolve(BACK));
    input.onDidHide(() => resolve(AWAY));
    input.show();
  }).finally(() => input.dispose());
}
