import { commands, env } from 'vscode';

/** Opens the settings where these are: in a remote window those of a machine are on a page of their own. */
export async function openSettings(query: string): Promise<void> {
  if (env.remoteName === undefined) await commands.executeCommand('workbench.action.openSettings', query);
  else await commands.executeCommand('workbench.action.openRemoteSettings', { query });
}
