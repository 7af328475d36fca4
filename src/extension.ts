import path from 'node:path';
import * as vscode from 'vscode';
import type { ExecServerExports } from './agents/api';
import { commandApi } from './agents/commandApi';
import { exportsFor } from './agents/exports';
import { McpDoor } from './agents/mcpDoor';
import { toolCommands } from './agents/toolCommands';
import { commandHost } from './editor/commandHost';
import { personCommands } from './editor/commands/register';
import { tellOfHeld } from './editor/keyboard/heldNotice';
import { Askpass, environmentSettings, placesOf, runWith, showEnvironments } from './editor/environments';
import { tellOfCrash } from './editor/history/crashNotice';
import { History } from './editor/history/history';
import { showOnce } from './editor/firstRun';
import { OutputDocuments } from './editor/output/outputDocuments';
import { revealBySetting } from './editor/reveal';
import { showAgents } from './editor/agents';
import { ServerLifecycle } from './editor/server/serverLifecycle';
import { Finding } from './editor/server/finding';
import { Keeping } from './editor/server/keeping';
import { ServerControl } from './editor/server/serverControl';
import { StatusBar } from './editor/server/statusBar';
import { registerCommands } from './editor/show/commands';
import { Needed } from './editor/needs/needed';
import { callForHelp } from './editor/needs/notice';
import { createLog } from './editor/show/log';
import { editorProxy } from './editor/server/editorProxy';
import { settings } from './editor/settings';
import { Terminals } from './editor/terminal/terminals';
import { describedTools } from './editor/tools/described';
import { languageModelTools } from './editor/tools/languageModelTools';
import { mcpProvider } from './editor/tools/mcpProvider';
import { toolHost } from './editor/tools/toolHost';
import { ProcessTreeProvider } from './editor/tree/processTreeProvider';
import { ProcessView } from './editor/tree/processView';
import { ViewOptions } from './editor/tree/viewOptions';
import { TerminalWatch } from './editor/watch/terminalWatch';
import { workspaceFolder } from './editor/workspaceFolder';
import { secretPlaces } from './agents/secretPlaces';
import type { ManagedProcess } from './environment';
import { createHub } from './hub';

/** All that is started ends within this; the editor waits about 5 s. */
const SHUTDOWN_GRACE_MS = 1000;

let shutDown: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): ExecServerExports {
  const log = createLog(vscode.l10n.t('Exec Server'));
  const askpass = new Askpass(__dirname);
  const hub = createHub({
    environments: environmentSettings(context.secrets, log, (entry) =>
      runWith(entry, __dirname, askpass.env),
    ),
    allowed: () => vscode.workspace.isTrusted,
    folder: workspaceFolder,
    attended: true,
    defaultSandbox: settings.defaultSandbox,
    secrets: () => [
      ...secretPlaces(),
      // What was written and what happened, of all agents.
      context.globalStorageUri.fsPath,
      ...(context.storageUri ? [context.storageUri.fsPath] : []),
    ],
    stateFolder: context.globalStorageUri.fsPath,
    spill: {
      folder: path.join(context.globalStorageUri.fsPath, 'output'),
      onTrouble: (problem) => log.warn(problem),
    },
    warn: (message) => log.warn(message),
  });
  const { table, environments } = hub;
  const configure = (): void =>
    table.configure({
      maxProcesses: settings.maxProcesses(),
      retainedBytesPerProcess: settings.retainedBytes(),
      spilledBytesPerProcess: settings.spilledBytes(),
      spilledBytesTotal: settings.spilledBytesTotal(),
    });
  configure();
  const history = new History(table, context, log);
  const version = String((context.extension.packageJSON as { version: unknown }).version);

  const keeping = new Keeping({
    table,
    context,
    log,
    happened: history.noted,
    recordFolder: history.folder,
    bundles: __dirname,
    version,
  });
  history.kept = () => keeping.server;

  const tools = toolHost(hub);
  const mcp = new McpDoor(tools, version);
  const lifecycle = new ServerLifecycle({
    allowed: () => vscode.workspace.isTrusted,
    listen: async (events) => {
      if (keeping.isWanted) return loaded.then(() => keeping.listen(events));
      // The server and its sockets are loaded when they are first needed.
      const { describeEnvironment, ExecServer, lookAround } = await import('./server');
      const facts = { executorVersion: version, surroundings: await lookAround() };
      return ExecServer.listen({
        host: '127.0.0.1',
        port: settings.port(),
        auth: { type: 'token' },
        backend: hub.local,
        doors: [mcp],
        environmentInfo: () => describeEnvironment({ cwd: workspaceFolder(), ...facts }),
        log,
        happened: history.note,
        network: { lookUpProgram: path.join(__dirname, 'lookUp.js'), proxySettings: editorProxy },
      });
    },
  });

  const viewOptions = new ViewOptions(context.workspaceState);
  const outputs = new OutputDocuments();
  const terminals = new Terminals(log, (process) => void outputs.open(process));
  const needed = new Needed(table, (process) => terminals.inFront === process);
  const tree = new ProcessTreeProvider(
    table,
    () => lifecycle.clients,
    placesOf(environments),
    viewOptions,
    needed,
    (process) => terminals.peek(process),
  );
  environments.on('changed', tree.structure);
  lifecycle.on('clients', tree.structure);
  const view = new ProcessView(table, tree, viewOptions, needed);
  const seeClients = (): void => history.seeClients(lifecycle.clients);
  lifecycle.on('clients', seeClients).on('changed', seeClients);
  const showEarlier = (): void => {
    // While the server is off an empty view says why.
    const earlier = lifecycle.state === 'open' ? history.earlier : [];
    tree.showEarlier(earlier);
    view.earlierShown(earlier.length > 0);
  };
  history.on('earlier', showEarlier);
  lifecycle.on('changed', showEarlier);
  const loaded = history.load();
  void loaded.then(() => tellOfCrash(history));
  const running = (): ManagedProcess[] => {
    const clients = new Set(lifecycle.clients.map(({ id }) => id));
    return table.list().filter(({ owner }) => clients.has(owner.id));
  };
  const control = new ServerControl(
    lifecycle,
    log,
    running,
    () => lifecycle.socket !== undefined,
    history.because,
  );
  const commands = commandApi(commandHost(hub, lifecycle));
  const finding = new Finding(lifecycle, table, mcp, log, path.join(__dirname, 'doors.js'));
  callForHelp({
    needed,
    isSeen: () => view.visible,
    open: (process) => terminals.show(process),
    log,
  });
  context.subscriptions.push(
    ...showAgents({ table, lifecycle, view, context }),
    askpass,
    keeping,
    viewOptions,
    tree,
    view,
    terminals,
    outputs,
    new StatusBar(lifecycle, table, needed),
    needed,
    vscode.window.onDidChangeActiveTerminal(needed.lookAgain),
    revealBySetting(table, terminals),
    tellOfHeld(table, (process) => terminals.show(process)),
    new TerminalWatch(table, log),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('execServer')) configure();
    }),
    ...showEnvironments(hub, context.secrets, terminals, askpass, log),
    ...personCommands({
      hub,
      lifecycle,
      control,
      keeping,
      finding,
      view,
      viewOptions,
      terminals,
      needed,
      outputs,
      history,
      log,
    }),
    ...registerCommands({ ...commands, ...toolCommands(tools) }),
    ...languageModelTools(tools),
    mcpProvider(lifecycle, mcp.path, version),
  );

  const lastMoment = (): void => {
    control.lastMoment();
    finding.lastMoment();
  };
  process.once('exit', lastMoment);
  shutDown = async () => {
    finding.windowGoes();
    await Promise.allSettled([lifecycle.leave(), hub.close({ graceMs: SHUTDOWN_GRACE_MS })]);
    await Promise.allSettled([control.finish(), finding.finish(), history.close()]);
    process.off('exit', lastMoment);
    // Not among the subscriptions: the editor disposes of those while this still runs.
    control.dispose();
    finding.dispose();
    log.dispose();
  };
  control.autoStart();
  void showOnce(context.globalState);
  return exportsFor({ commands, tools, described: describedTools(context.extension.packageJSON), table });
}

/** Nothing that was started here outlives the window, but for a server that a person wants to be kept. */
export async function deactivate(): Promise<void> {
  await shutDown?.();
}
