import * as vscode from 'vscode';
import { callTool } from '../../agents/tools/call';
import { TOOLS } from '../../agents/tools/table';
import type { Tool, ToolHost } from '../../agents/tools/tool';
import { registerTool, type ToolInput } from '../show/toolCall';
import { fitted } from './fitted';
import { doing, question } from './questions';

/** What the manifest's names of the tools begin with. */
const PREFIX = 'execServer_';
/** Whoever talks to the editor's own chat: their commands are one agent's. */
const CHAT = { id: 'chat:', name: 'Chat' };
/** What an answer takes beside the output itself. */
const TOKENS_AROUND = 150;
const FEWEST_TOKENS = 100;

/** The tools for the editor's own models and for those of other extensions. */
export function languageModelTools(host: ToolHost): vscode.Disposable[] {
  return TOOLS.map((tool) =>
    registerTool(PREFIX + tool.name, {
      doing: (input) => doing(tool, input),
      question: (input) => question(tool, input, host.hub),
      invoke: (options, token) => invoke(tool, host, options, token),
    }),
  );
}

async function invoke(
  tool: Tool,
  host: ToolHost,
  { input, tokenizationOptions: budget }: vscode.LanguageModelToolInvocationOptions<ToolInput>,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const abort = new AbortController();
  const cancelled = token.onCancellationRequested(() => abort.abort());
  try {
    const maxOutputTokens = budget && Math.max(FEWEST_TOKENS, budget.tokenBudget - TOKENS_AROUND);
    const call = { host, caller: CHAT, signal: abort.signal, maxOutputTokens };
    const { text } = await callTool(TOOLS, tool.name, input, call);
    const part = new vscode.LanguageModelTextPart(budget ? await fitted(text, budget, token) : text);
    return new vscode.LanguageModelToolResult([part]);
  } finally {
    cancelled.dispose();
  }
}
