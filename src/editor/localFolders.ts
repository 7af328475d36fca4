import { workspace } from 'vscode';

/** The workspace's folders on this machine. */
export function localFolders(): string[] {
  const folders = workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}
