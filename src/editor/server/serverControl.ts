import * as vscode from 'vscode';
import type { Connection } from '../../agents/connection';
import { settings } from '../settings';
import {
  CONNECTION_FILE_VARIABLE,
  removeConnectionFile,
  removeConnectionFileNow,
  writeConnectionFile,
} from './connectionFile';
import type { Door } from './door';

/** Ties the door to the workbench: settings, trust, context keys, and words when it does not open. */
export class ServerControl implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly file = process.env[CONNECTION_FILE_VARIABLE];
  private fileSteps: Promise<void> = Promise.resolve();
  private shownToken: string | undefined;

  constructor(
    private readonly door: Door,
    private readonly log: vscode.LogOutputChannel,
  ) {
    door.on('changed', this.changed);
    this.subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.autoStart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('execServer.port')) void this.portChanged();
        if (event.affectsConfiguration('execServer.autoStart') && settings.autoStart()) this.autoStart();
      }),
    );
    this.changed();
  }

  dispose(): void {
    this.door.off('changed', this.changed);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  autoStart(): void {
    if (this.door.state === 'untrusted') this.log.info('The workspace is not trusted: the server stays off.');
    else if (settings.autoStart()) void this.start();
    this.changed();
  }

  /** Never rejects: what goes wrong is shown. */
  async start(): Promise<void> {
    if (this.door.state === 'untrusted') return void this.explainTrust();
    await this.attempt(() => this.door.start());
  }

  async stop(): Promise<void> {
    await this.attempt(() => this.door.stop());
  }

  async restart(): Promise<void> {
    if (this.door.state === 'untrusted') return void this.explainTrust();
    await this.attempt(() => this.door.restart());
  }

  async renewToken(): Promise<void> {
    await this.attempt(() => this.door.renewToken());
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The old token is void, and every agent is disconnected. Copy the new connection for them.',
      ),
    );
  }

  /** The host ends now: nothing may point to a server that is gone. */
  lastMoment(): void {
    if (this.file && this.shownToken) removeConnectionFileNow(this.file);
  }

  /** Resolves when the last change is on disk. */
  async finish(): Promise<void> {
    await this.fileSteps;
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.log.error(`The server did not start: ${message(error)}`);
      await this.showError(error);
    }
  }

  private async showError(error: unknown): Promise<void> {
    // With port 0 there is nothing to change.
    const fixedPort = settings.port() !== 0;
    const changePort = vscode.l10n.t('Change Port');
    const retry = vscode.l10n.t('Try Again');
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t('The exec-server did not start: {0}', message(error));
    const choice = await vscode.window.showErrorMessage(
      text,
      ...(fixedPort ? [changePort] : []),
      retry,
      showLog,
    );
    if (choice === changePort) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'execServer.port');
    } else if (choice === retry) await this.start();
    else if (choice === showLog) this.log.show();
  }

  private async explainTrust(): Promise<void> {
    const manage = vscode.l10n.t('Manage Trust');
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t('This workspace is not trusted, so the exec-server stays off and no commands are run.'),
      manage,
    );
    if (choice) await vscode.commands.executeCommand('workbench.trust.manage');
  }

  private async portChanged(): Promise<void> {
    if (this.door.state === 'failed') return this.start();
    if (this.door.state !== 'open') return;
    const connected = this.door.clients.filter((client) => client.connected).length;
    if (connected > 0) {
      const restart = vscode.l10n.t('Restart Server');
      const choice = await vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The new port counts after a restart of the server, which disconnects agents: {0}.',
          connected,
        ),
        restart,
      );
      if (choice !== restart) return;
    }
    await this.restart();
  }

  private readonly changed = (): void => {
    const { state, openConnection } = this.door;
    void vscode.commands.executeCommand('setContext', 'execServer.door', state);
    if (openConnection?.token !== this.shownToken) {
      this.shownToken = openConnection?.token;
      this.writeFile(openConnection);
    }
  };

  private writeFile(connection: Connection | undefined): void {
    const { file } = this;
    if (!file) return;
    this.fileSteps = this.fileSteps
      .then(() => (connection ? writeConnectionFile(file, connection) : removeConnectionFile(file)))
      .catch((error: unknown) =>
        this.log.warn(`The connection file could not be written: ${message(error)}`),
      );
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
