import * as vscode from 'vscode';
import type { ConnectionDetails } from '../../agents/api';
import { CONNECTION_FILE_VARIABLE } from '../../agents/connectionDetails';
import type { History } from '../history/history';
import type { Log } from '../show/log';
import { openSettings } from '../openSettings';
import { flash, showError, showInformation, showWarning } from '../show/notices';
import { settings } from '../settings';
import { removeConnectionFile, removeConnectionFileNow, writeConnectionFile } from './connectionFile';
import type { ManagedProcess } from '../../environment';
import { confirmEnding } from '../commands/stopping';
import { messageOf } from '../../values';
import type { ServerLifecycle } from './serverLifecycle';

/** Ties the server to the workbench: settings, trust, context keys, and words when it does not start. */
export class ServerControl implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly file = process.env[CONNECTION_FILE_VARIABLE];
  private fileSteps: Promise<void> = Promise.resolve();
  private shownToken: string | undefined;

  constructor(
    private readonly lifecycle: ServerLifecycle,
    private readonly log: Log,
    /** What runs on behalf of those who came in by the lifecycle. */
    private readonly running: () => readonly ManagedProcess[],
    /** Whether the server outlives this window. */
    private readonly isKept: () => boolean,
    /** Notes why what the server ends meanwhile has ended. */
    private readonly because: History['because'],
  ) {
    lifecycle.on('changed', this.changed).on('gone', this.gone);
    this.subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.autoStart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('execServer.port')) void this.portChanged();
        if (event.affectsConfiguration('execServer.keepRunning')) void this.keepRunningChanged();
        if (event.affectsConfiguration('execServer.autoStart') && settings.autoStart()) this.autoStart();
      }),
    );
    this.changed();
  }

  dispose(): void {
    this.lifecycle.off('changed', this.changed).off('gone', this.gone);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  autoStart(): void {
    if (this.lifecycle.state === 'untrusted')
      this.log.info('The workspace is not trusted: the server stays off.');
    else if (settings.autoStart()) void this.start();
    this.changed();
  }

  /** Never rejects: what goes wrong is shown. */
  async start(): Promise<void> {
    if (this.lifecycle.state === 'untrusted') return void this.explainTrust();
    await this.attempt(() => this.lifecycle.start());
  }

  /** Asks first if that ends commands. */
  async stop(): Promise<void> {
    const { l10n } = vscode;
    if (!(await confirmEnding(l10n.t('Stop the server?'), this.running(), l10n.t('Stop Server')))) return;
    await this.attempt(() => this.because('stopped', () => this.lifecycle.stop()));
  }

  /** Stops a kept server with all that it runs, once the person has agreed: other windows may be attached to it. */
  async endEverything(): Promise<void> {
    const { l10n } = vscode;
    const question = l10n.t('End everything that is kept running for this workspace?');
    if (!(await confirmEnding(question, this.running(), l10n.t('End Everything')))) return;
    await this.attempt(() => this.lifecycle.stop());
    flash(l10n.t('Everything has ended'));
  }

  /** Asks first if that ends commands. */
  async restart(): Promise<void> {
    if (this.lifecycle.state === 'untrusted') return void this.explainTrust();
    const { l10n } = vscode;
    if (!(await confirmEnding(l10n.t('Restart the server?'), this.running(), l10n.t('Restart Server'))))
      return;
    await this.attempt(() => this.because('restarted', () => this.lifecycle.restart()));
  }

  /** Asks first if that ends commands. */
  async renewToken(): Promise<void> {
    const { l10n } = vscode;
    if (!(await confirmEnding(l10n.t('Renew the token?'), this.running(), l10n.t('Renew Token')))) return;
    await this.attempt(() => this.because('renewed', () => this.lifecycle.renewToken()));
    void this.offerNewConnection();
  }

  private async offerNewConnection(): Promise<void> {
    const copy = vscode.l10n.t('Copy Connection…');
    const text = vscode.l10n.t('Token renewed. Agents need the new connection.');
    if ((await showInformation(text, copy)) === copy)
      await vscode.commands.executeCommand('execServer.showMenu');
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
      this.log.error(`The server did not start: ${messageOf(error)}`);
      await this.showError(error);
    }
  }

  private async showError(error: unknown): Promise<void> {
    // With port 0 there is nothing to change.
    const fixedPort = settings.port() !== 0;
    const changePort = vscode.l10n.t('Change Port');
    const retry = vscode.l10n.t('Try Again');
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t('The exec-server did not start: {0}', messageOf(error));
    const choice = await showError(text, ...(fixedPort ? [changePort] : []), retry, showLog);
    if (choice === changePort) {
      await openSettings('execServer.port');
    } else if (choice === retry) await this.start();
    else if (choice === showLog) this.log.show();
  }

  private async explainTrust(): Promise<void> {
    const manage = vscode.l10n.t('Manage Trust');
    const choice = await showWarning(
      vscode.l10n.t('This workspace is not trusted, so the exec-server stays off and no commands are run.'),
      manage,
    );
    if (choice) await vscode.commands.executeCommand('workbench.trust.manage');
  }

  private async portChanged(): Promise<void> {
    if (this.lifecycle.state === 'failed') return this.start();
    if (this.lifecycle.state !== 'open') return;
    const connected = this.lifecycle.clients.filter((client) => client.connected).length;
    if (connected > 0) {
      const restart = vscode.l10n.t('Restart Server');
      const choice = await showInformation(
        connected === 1
          ? vscode.l10n.t(
              'The new port takes effect after a restart. This disconnects 1 agent and ends its commands.',
            )
          : vscode.l10n.t(
              'The new port takes effect after a restart. This disconnects {0} agents and ends their commands.',
              connected,
            ),
        restart,
      );
      if (choice !== restart) return;
    }
    await this.restart();
  }

  /** The server is in this process, or in one of its own: that takes another server. */
  private async keepRunningChanged(): Promise<void> {
    const { l10n } = vscode;
    if (this.lifecycle.state !== 'open' || this.isKept() === settings.keepRunning()) return;
    const sentence = settings.keepRunning()
      ? l10n.t('Commands live on over reloads after a restart of the server.')
      : l10n.t('Commands end with the window again after a restart of the server.');
    const restart = l10n.t('Restart Server');
    if (
      this.running().some(({ closed }) => !closed) &&
      (await showInformation(sentence, restart)) !== restart
    )
      return;
    await this.restart();
  }

  private readonly gone = (problem: string): void => {
    this.log.error(problem);
    const start = vscode.l10n.t('Start Server');
    void showWarning(problem, start).then((choice) => {
      if (choice === start) void this.start();
    });
  };

  private readonly changed = (): void => {
    const { state, openConnection } = this.lifecycle;
    void vscode.commands.executeCommand('setContext', 'execServer.serverState', state);
    if (openConnection?.token !== this.shownToken) {
      this.shownToken = openConnection?.token;
      this.writeFile(openConnection);
    }
  };

  private writeFile(connection: ConnectionDetails | undefined): void {
    const { file } = this;
    if (!file) return;
    this.fileSteps = this.fileSteps
      .then(() => (connection ? writeConnectionFile(file, connection) : removeConnectionFile(file)))
      .catch((error: unknown) =>
        this.log.warn(`The connection file could not be written: ${messageOf(error)}`),
      );
  }
}
