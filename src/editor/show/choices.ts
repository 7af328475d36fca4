import * as vscode from 'vscode';
import { plain, plainMarkdown } from '../text/plain';

/** A row of a list that asks for one. Only `icon` is drawn as one. */
export interface Choice<T> {
  readonly icon?: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** A heading between rows, empty for a line. */
export interface Heading {
  readonly heading: string;
}

export interface ChoiceOptions {
  readonly title: string;
  readonly placeHolder?: string;
  readonly matchOnDetail?: boolean;
}

interface Item<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

/** Asks for one of several; undefined when the person goes away. */
export async function pickOne<T>(
  choices: readonly (Choice<T> | Heading)[],
  { title, placeHolder, matchOnDetail = false }: ChoiceOptions,
): Promise<T | undefined> {
  const picked = await vscode.window.showQuickPick(choices.map(itemOf), {
    title: plain(title),
    ...(placeHolder === undefined ? {} : { placeHolder: plain(placeHolder) }),
    matchOnDetail,
  });
  return picked?.value;
}

/** The row as the editor takes it. */
export function itemOf<T>(choice: Choice<T> | Heading): Item<T> {
  if ('heading' in choice) {
    return { label: plain(choice.heading), kind: vscode.QuickPickItemKind.Separator };
  }
  const { icon, label, description, detail, value } = choice;
  return {
    label: icon === undefined ? plain(label) : `$(${icon}) ${plain(label)}`,
    ...(description === undefined ? {} : { description: plainMarkdown(description) }),
    ...(detail === undefined ? {} : { detail: plain(detail) }),
    value,
  };
}
