import * as vscode from 'vscode';
import { plain, type TabName } from '../text/plain';
import { plainly } from './commands';

/** A terminal whose name, now and later, is safe to show. */
export interface Tab extends Omit<vscode.ExtensionTerminalOptions, 'name' | 'pty'> {
  readonly name: TabName;
  readonly pty: Omit<vscode.Pseudoterminal, 'onDidChangeName'> & {
    readonly onDidChangeName: vscode.Event<TabName>;
  };
}

export function openTab(tab: Tab): vscode.Terminal {
  return vscode.window.createTerminal(tab);
}

/**
 * A terminal of the editor's own, in a folder, in which one line is run.
 *
 * @param env laid over what terminals have
 */
export function runInTab(
  name: TabName,
  cwd: string,
  line: string,
  env: Readonly<Record<string, string>> = {},
): void {
  const terminal = vscode.window.createTerminal({ name, cwd, env });
  terminal.show();
  terminal.sendText(line);
}

/** Offers a terminal that the editor makes itself, by an id of the manifest. The editor shows whatever `make` rejects with. */
export function offerTab(id: string, make: () => Promise<Tab>): vscode.Disposable {
  return vscode.window.registerTerminalProfileProvider(id, {
    provideTerminalProfile: () => plainly(async () => new vscode.TerminalProfile(await make())),
  });
}

/** A link in a terminal, which has no words of its own. */
export class TabLink extends vscode.TerminalLink {
  protected constructor(startIndex: number, length: number) {
    super(startIndex, length);
  }
}

/** What the editor says of variables that terminals get. */
export function describeVariables(collection: vscode.EnvironmentVariableCollection, text: string): void {
  collection.description = plain(text);
}
