import { Uri, window } from 'vscode';
import { plain } from '../text/plain';

/** Asks where something is to be saved; undefined when the person goes away. */
export function askWhereToSave(title: string, proposed: Uri): Thenable<Uri | undefined> {
  return window.showSaveDialog({ title: plain(title), defaultUri: proposed });
}
