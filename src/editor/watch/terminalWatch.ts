import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment';
import { settings } from '../settings';
import type { Log } from '../show/log';
import { workspaceFolder } from '../workspaceFolder';
import { messageOf } from '../../values';
import { WatchedCommand } from './watchedCommand';
import { isAgents } from './whose';

/** Rows for commands in integrated terminals that others have opened, if the person wants that. */
export class TerminalWatch implements vscode.Disposable {
  private readonly running = new Map<vscode.TerminalShellExecution, Watched>();
  private readonly ids = new WeakMap<vscode.Terminal, string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly table: Pick<ProcessTable, 'adopt'>,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) =>
        this.started(terminal, execution),
      ),
      vscode.window.onDidEndTerminalShellExecution(({ execution, exitCode }) =>
        this.ended(execution, exitCode),
      ),
      vscode.window.onDidCloseTerminal((terminal) => {
        for (const [execution, watched] of this.running)
          if (watched.terminal === terminal) this.ended(execution, undefined);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private started(terminal: vscode.Terminal, execution: vscode.TerminalShellExecution): void {
    const watch = settings.watchTerminals();
    // Our own show rows that are there already.
    if (watch === 'off' || 'pty' in terminal.creationOptions) return;
    if (watch === 'agents' && !isAgents(terminal)) return;
    const watched = { terminal, command: new WatchedCommand(terminal, execution) };
    this.running.set(execution, watched);
    void this.show(watched, execution).catch((error: unknown) => {
      const why = messageOf(error);
      this.log.warn(`a command of the terminal ${terminal.name} is not shown: ${why}`);
    });
  }

  private ended(execution: vscode.TerminalShellExecution, exitCode: number | undefined): void {
    this.running.get(execution)?.command.end(exitCode);
    this.running.delete(execution);
  }

  private async show(
    { terminal, command }: Watched,
    { commandLine, cwd }: vscode.TerminalShellExecution,
  ): Promise<void> {
    await command.ready;
    const spec = {
      argv: [commandLine.value],
      label: commandLine.value,
      cwd: cwd?.fsPath ?? workspaceFolder(),
      env: {},
      tty: true,
      pipeStdin: false,
    };
    const owner = {
      id: `watched:${this.idOf(terminal)}`,
      name: terminal.name,
      // In the place of what others speak: rows say it.
      dialect: vscode.l10n.t('watched only'),
    };
    await this.table.adopt(randomUUID(), spec, owner, null, () => Promise.resolve(command));
  }

  private idOf(terminal: vscode.Terminal): string {
    const id = this.ids.get(terminal) ?? randomUUID();
    this.ids.set(terminal, id);
    return id;
  }
}

interface Watched {
  readonly terminal: vscode.Terminal;
  readonly command: WatchedCommand;
}
