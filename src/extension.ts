import path from 'node:path';
import * as vscode from 'vscode';
import { commandApi } from './agents/commandApi';
import { commandHost } from './editor/commandHost';
import { registerCommands } from './editor/commands/register';
import { createEnvironments, placesOf, showEnvironments } from './editor/environments/index';
import { revealBySetting } from './editor/reveal';
import { Door } from './editor/server/door';
import { ServerControl } from './editor/server/serverControl';
import { StatusBar } from './editor/server/statusBar';
import { settings } from './editor/settings';
import { Terminals } from './editor/terminal/terminals';
import { ProcessTree } from './editor/tree/processTree';
import { ProcessView } from './editor/tree/processView';
import { workspaceFolder } from './editor/workspaceFolder';
import { CrashGuard, hostEnvironment, LocalHostBackend, ProcessTable } from './environment/index';

/** All that is started ends within this; the editor waits about 5 s. */
const SHUTDOWN_GRACE_MS = 1000;

let shutDown: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Exec Server'), { log: true });
  const table = new ProcessTable({}, { guard: new CrashGuard(path.join(__dirname, 'sweep.js')) });
  const configure = (): void =>
    table.configure({
      maxProcesses: settings.maxProcesses(),
      retainedBytesPerProcess: settings.retainedBytes(),
    });
  configure();
  const backend = new LocalHostBackend(table, () => hostEnvironment(process.env));
  const version = String((context.extension.packageJSON as { version: unknown }).version);

  const door = new Door({
    allowed: () => vscode.workspace.isTrusted,
    listen: async () => {
      // The server and its sockets are loaded when they are first needed.
      const { describeEnvironment, ExecServer } = await import('./server/index');
      return ExecServer.listen({
        host: '127.0.0.1',
        port: settings.port(),
        auth: { type: 'token' },
        backend,
        environmentInfo: () => describeEnvironment({ cwd: workspaceFolder(), executorVersion: version }),
        log,
      });
    },
  });

  const environments = createEnvironments(table, context.secrets, log);
  const tree = new ProcessTree(table, () => door.clients, placesOf(environments));
  environments.on('changed', tree.structure);
  door.on('clients', tree.structure);
  const view = new ProcessView(table, tree);
  const terminals = new Terminals(log);
  const control = new ServerControl(door, log);
  context.subscriptions.push(
    tree,
    view,
    terminals,
    new StatusBar(door, table),
    revealBySetting(table, terminals),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('execServer')) configure();
    }),
    ...showEnvironments(environments, context.secrets, terminals, backend, log),
    ...registerCommands({ table, door, control, view, terminals, log }),
    ...Object.entries(commandApi(commandHost(table, backend, environments, door))).map(([id, run]) =>
      vscode.commands.registerCommand(id, run),
    ),
  );

  // Should the host end without a word, its children do not stay.
  const lastMoment = (): void => {
    table.killAllNow();
    control.lastMoment();
  };
  process.once('exit', lastMoment);
  shutDown = async () => {
    await Promise.allSettled([door.stop(), table.shutdown({ graceMs: SHUTDOWN_GRACE_MS })]);
    await Promise.allSettled([environments.dispose(), control.finish()]);
    process.off('exit', lastMoment);
    // Not among the subscriptions: the editor disposes of those while this still runs.
    control.dispose();
    log.dispose();
  };
  control.autoStart();
}

/** Nothing that was started here outlives the window. */
export async function deactivate(): Promise<void> {
  await shutDown?.();
}
