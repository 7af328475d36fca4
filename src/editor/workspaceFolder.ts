import { homedir } from 'node:os';
import * as vscode from 'vscode';

/** The first folder of the workspace that is on this machine, else home. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? homedir();
}
