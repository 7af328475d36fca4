import { homedir } from 'node:os';
import * as vscode from 'vscode';

/** The first folder of the workspace that is on this machine, else home. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? homedir();
}

/** A folder as the editor calls it: one of the workspace by its name, what is below that from there on. */
export function folderName(folder: string): string {
  const own = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === folder);
  return own?.name ?? vscode.workspace.asRelativePath(folder, true);
}
