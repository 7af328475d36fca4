import path from 'node:path';
import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment';
import { endKept, findKept, findOrStartKept, KeptServer, type KeepSettings } from '../../keep';
import type { Deed } from '../../record';
import { localFolders } from '../localFolders';
import { settings } from '../settings';
import { confirm, flash, showInformation } from '../show/notices';
import type { Log } from '../show/log';
import { workspaceName } from '../workspaceName';
import type { ServerEvents } from './serverLifecycle';
import { editorProxy } from './editorProxy';

export interface KeepingParts {
  readonly table: ProcessTable;
  readonly context: Pick<vscode.ExtensionContext, 'globalStorageUri'>;
  readonly log: Log;
  /** Told what a kept server notes in the time-line, of which it keeps its own. */
  readonly happened: (deed: Deed) => void;
  /** Where the time-line is kept. */
  readonly recordFolder: string;
  /** The folder of the bundles. */
  readonly bundles: string;
  readonly version: string;
}

/** The server of this workspace in a process of its own, which the next window finds again. */
export class Keeping implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  /** While this window is attached to one. */
  server: KeptServer | undefined;

  constructor(private readonly parts: KeepingParts) {
    this.subscriptions = [
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (['execServer', 'http'].some((section) => event.affectsConfiguration(section))) this.configure();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.server?.setFolders(localFolders())),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Whether a person wants it, and there is a workspace whose next window could find it. */
  get isWanted(): boolean {
    return settings.keepRunning() && this.workspace !== undefined;
  }

  /** Finds the server of this workspace, or starts it, and attaches to it. Rejects with a sentence. */
  async listen(events: ServerEvents): Promise<KeptServer> {
    const { table, context, log, happened, recordFolder, bundles, version } = this.parts;
    const { workspace } = this;
    if (workspace === undefined) throw new Error('There is no folder whose commands could be kept.');
    const stateFolder = context.globalStorageUri.fsPath;
    const options = {
      workspace,
      folders: localFolders(),
      port: settings.port(),
      stateFolder,
      spillFolder: path.join(stateFolder, 'output'),
      recordFolder,
      secrets: [stateFolder],
      settings: keepSettings(),
    };
    const record = await findOrStartKept({ options, program: path.join(bundles, 'cli.js'), version });
    const server = await KeptServer.attach(record, {
      table,
      log,
      happened,
      gone: events.gone,
      over: () => (this.server = undefined),
      reached: events.reached,
    });
    this.server = server;
    log.info(`attached to the server that is kept for this workspace (pid ${record.pid})`);
    // What has been changed while no window was there.
    server.setFolders(localFolders());
    this.configure();
    return server;
  }

  /** Ends what is kept for this workspace though this window is not attached to it; asks first. */
  async endLeft(): Promise<void> {
    const { workspace } = this;
    const { l10n } = vscode;
    if (workspace === undefined || !findKept(workspace))
      return void showInformation(l10n.t('Nothing is kept running for this workspace.'));
    const question = l10n.t('End everything that is kept running for this workspace?');
    const detail = l10n.t('This window is not attached to it, and does not show what that is.');
    if (!(await confirm(question, detail, l10n.t('End Everything')))) return;
    await endKept(workspace);
    flash(l10n.t('Everything has ended'));
  }

  private get workspace(): string | undefined {
    if (localFolders().length === 0) return undefined;
    // Another editor has its own.
    return path.join(this.parts.context.globalStorageUri.fsPath, workspaceName() ?? '');
  }

  private configure(): void {
    this.server?.configure(keepSettings());
  }
}

function keepSettings(): KeepSettings {
  return {
    idleMs: settings.keepRunningIdleMs(),
    maxProcesses: settings.maxProcesses(),
    retainedBytesPerProcess: settings.retainedBytes(),
    spilledBytesPerProcess: settings.spilledBytes(),
    spilledBytesTotal: settings.spilledBytesTotal(),
    recordBytes: settings.recordBytes(),
    toolsReach: settings.toolsReach(),
    defaultSandbox: settings.defaultSandbox(),
    proxy: editorProxy(),
  } as KeepSettings;
}
