import * as vscode from 'vscode';

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
    title,
    step,
    totalSteps,
    prompt,
    placeholder,
    value: value ?? '',
    password: password ?? false,
  });
  return show(input, step, (accept) => {
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      input.validationMessage = validate?.(input.value);
      if (input.validationMessage === undefined) accept(input.value);
    });
  });
}

export interface ChoiceStep<T> extends Step {
  readonly placeholder: string;
  readonly items: readonly (vscode.QuickPickItem & { readonly value: T })[];
}

/** Asks for one of several. */
export function askChoice<T>(options: ChoiceStep<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: T }>();
  const { title, step, totalSteps, placeholder, items } = options;
  Object.assign(pick, { title, step, totalSteps, placeholder, items });
  return show(pick, step, (accept) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) accept(chosen.value);
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
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem & { readonly value: T }>,
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
