import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment/index';
import { clientLabel, standing, STANDING_ICONS } from '../tree/describe';
import { factsOf } from '../tree/facts';
import { oneLine } from '../text/clean';
import { terminalName } from '../text/commandLabel';
import { ProcessTerminal } from './processTerminal';

interface Open {
  readonly process: ManagedProcess;
  readonly pty: ProcessTerminal;
  /** A moment later than the rest for a terminal that the editor itself makes. */
  terminal: vscode.Terminal | undefined;
}

/** At most one terminal for each process. */
export class Terminals implements vscode.Disposable {
  private readonly open = new Map<string, Open>();
  private readonly subscription = vscode.window.onDidOpenTerminal((terminal) => {
    const { creationOptions } = terminal;
    if (!('pty' in creationOptions)) return;
    for (const entry of this.open.values()) {
      if (entry.pty !== creationOptions.pty || entry.terminal) continue;
      entry.terminal = terminal;
      // Made by the editor on a person's wish, and perhaps in a panel that is hidden.
      terminal.show();
    }
  });

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
      if (process.state !== 'running') terminal?.dispose();
    }
  }

  dispose(): void {
    for (const { terminal } of this.open.values()) terminal?.dispose();
    this.open.clear();
    this.subscription.dispose();
  }

  /** For a terminal that the editor is about to make itself. */
  options(process: ManagedProcess): vscode.ExtensionTerminalOptions {
    return this.prepare(process).options;
  }

  private create(process: ManagedProcess): vscode.Terminal {
    const { entry, options } = this.prepare(process);
    return (entry.terminal = vscode.window.createTerminal(options));
  }

  private prepare(process: ManagedProcess): { entry: Open; options: vscode.ExtensionTerminalOptions } {
    const [icon, color] = STANDING_ICONS[standing(factsOf(process))];
    const pty = new ProcessTerminal(
      process,
      () => this.open.delete(process.key),
      (error) => this.log.error('Terminal:', error instanceof Error ? error : String(error)),
    );
    const options = {
      name: terminalName(process.spec.argv, process.place),
      pty,
      iconPath: new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined),
      // The process ends with the window, so nothing is to be restored.
      isTransient: true,
    };
    this.log.debug(`Terminal opened: ${process.key} of ${oneLine(clientLabel(process.owner.name))}`);
    const entry: Open = { process, pty, terminal: undefined };
    this.open.set(process.key, entry);
    return { entry, options };
  }
}
