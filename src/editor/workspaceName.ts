import { createHash } from 'node:crypto';
import { workspace } from 'vscode';

/**
 * Names the workspace, the same for each of its windows; undefined where no folder is open. The editor's own folder for
 * it is another one while the window before this one has not quite ended.
 */
export function workspaceName(): string | undefined {
  const { workspaceFile, workspaceFolders = [] } = workspace;
  if (!workspaceFile && workspaceFolders.length === 0) return undefined;
  const uris = workspaceFile ? [workspaceFile] : workspaceFolders.map(({ uri }) => uri);
  return createHash('sha256').update(uris.map(String).join('\n')).digest('hex').slice(0, 16);
}
