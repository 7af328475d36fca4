import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment/index';
import { clientLabel, standing, STANDING_ICONS } from '../tree/describe';
import { factsOf } from '../tree/facts';
import { oneLine } from '../text/clean';
import { terminalName } from '../text/commandLabel';
import { ProcessTerminal } from './processTerminal';

/** At most one terminal for each process. */
export class Terminals implements vscode.Disposable {
  private readonly open = new Map<
    string,
    { readonly process: ManagedProcess; readonly terminal: vscode.Terminal }
  >();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Opens the process's terminal, or brings it to the front. Only a person's own wish may take the focus. */
  show(process: ManagedProcess, preserveFocus: boolean): vscode.Terminal {
    const terminal = this.open.get(process.key)?.terminal ?? this.create(process);
    terminal.show(preserveFocus);
    return terminal;
  }

  has(process: ManagedProcess): boolean {
    return this.open.has(process.key);
  }

  /** Closes the tabs of what has ended. */
  closeFinished(): void {
    for (const { process, terminal } of this.open.values()) {
      if (process.state !== 'running') terminal.dispose();
    }
  }

  dispose(): void {
    for (const { terminal } of this.open.values()) terminal.dispose();
    this.open.clear();
  }

  private create(process: ManagedProcess): vscode.Terminal {
    const [icon, color] = STANDING_ICONS[standing(factsOf(process))];
    const pty = new ProcessTerminal(
      process,
      () => this.open.delete(process.key),
      (error) => this.log.error('Terminal:', error instanceof Error ? error : String(error)),
    );
    const terminal = vscode.window.createTerminal({
      name: terminalName(process.spec.argv),
      pty,
      iconPath: new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined),
      // The process ends with the window, so nothing is to be restored.
      isTransient: true,
    });
    this.log.debug(`Terminal opened: ${process.key} of ${oneLine(clientLabel(process.owner.name))}`);
    this.open.set(process.key, { process, terminal });
    return terminal;
  }
}
