import * as vscode from 'vscode';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { toolServer } from '../show/toolCall';

/** The provider's id in the manifest. */
const PROVIDER = 'execServer';

/** Tells the editor where its own clients of the Model Context Protocol find the tools; nothing while the server is off. */
export function mcpProvider(lifecycle: ServerLifecycle, path: string, version: string): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const tell = (): void => changed.fire();
  lifecycle.on('changed', tell);
  const address = (): vscode.Uri | undefined => {
    const connection = lifecycle.openConnection;
    return connection && vscode.Uri.parse(`http://${new URL(connection.baseUrl).host}${path}`);
  };
  const provider: vscode.McpServerDefinitionProvider<vscode.McpHttpServerDefinition> = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      const uri = address();
      if (!uri) return [];
      return [toolServer(vscode.l10n.t('Exec Server'), uri, version)];
    },
    resolveMcpServerDefinition: (definition) => {
      const uri = address();
      const connection = lifecycle.openConnection;
      if (!uri || !connection) return undefined;
      definition.uri = uri;
      definition.headers = { ...connection.headers };
      return definition;
    },
  };
  const registered = vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, provider);
  return vscode.Disposable.from(
    registered,
    changed,
    new vscode.Disposable(() => lifecycle.off('changed', tell)),
  );
}
