import * as vscode from 'vscode';

/** As a chat calls a tool; without one, VS Code asks in a dialog. */
export async function invokeTool(
  name: string,
  input: object,
  more: Partial<vscode.LanguageModelToolInvocationOptions<object>> = {},
  token?: vscode.CancellationToken,
): Promise<string> {
  const options = { input, toolInvocationToken: undefined, ...more };
  const { content } = await vscode.lm.invokeTool(name, options, token);
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '?')).join('');
}

/** As if a person had said yes beforehand: an editor under test shows no dialogs. */
export async function agreed(body: () => Promise<void>): Promise<void> {
  const chat = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('chat');
  const testMode = 'vscode.chat.tools.global.autoApprove.testMode';
  await vscode.commands.executeCommand('setContext', testMode, true);
  await chat().update('tools.global.autoApprove', true, vscode.ConfigurationTarget.Global);
  try {
    await body();
  } finally {
    await chat().update('tools.global.autoApprove', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('setContext', testMode, undefined);
  }
}
