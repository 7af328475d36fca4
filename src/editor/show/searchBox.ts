import * as vscode from 'vscode';
import { plain } from '../text/plain';

export interface SearchBox {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  /** Called with each change while it is typed, and with the first value again when the person goes away. */
  readonly changed: (value: string) => void;
}

/** Asks for what is looked for, and lets it be seen while it is typed. */
export function openSearchBox({ title, placeholder, value, changed }: SearchBox): void {
  const box = vscode.window.createInputBox();
  Object.assign(box, { title: plain(title), placeholder: plain(placeholder), value });
  let accepted = false;
  box.onDidChangeValue(changed);
  box.onDidAccept(() => {
    accepted = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!accepted) changed(value);
    box.dispose();
  });
  box.show();
}
