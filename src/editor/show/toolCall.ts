import * as vscode from 'vscode';
import { INVISIBLE } from '../../server/logger';
import { plain } from '../text/plain';
import { entities } from './tooltip';

/** More of it than a person reads; the tool itself takes less than ten times that. */
const CODE_CHARACTERS = 16_000;

/** What a person is asked before a model's call of a tool is run. */
export interface ToolQuestion {
  readonly title: string;
  /** What is run or typed: shown to the letter, and what can't be seen as its number. */
  readonly code: string;
  /** What there is to know besides. */
  readonly facts: readonly string[];
}

/** A tool that models call. */
export interface ShownTool {
  /** What is being done, in a line. */
  readonly doing: (input: ToolInput) => string;
  /** What to ask before; undefined where it has no effect. */
  readonly question: (input: ToolInput) => ToolQuestion | undefined;
  readonly invoke: vscode.LanguageModelTool<ToolInput>['invoke'];
}

export type ToolInput = Readonly<Record<string, unknown>>;

/** Gives models a tool, by a name that the manifest has. */
export function registerTool(name: string, { doing, question, invoke }: ShownTool): vscode.Disposable {
  return vscode.lm.registerTool<ToolInput>(name, {
    prepareInvocation: ({ input }) => toolInvocation(doing(input), question(input)),
    invoke,
  });
}

/** Tells models of a server of tools on this machine. */
export function toolServer(name: string, uri: vscode.Uri, version: string): vscode.McpHttpServerDefinition {
  return new vscode.McpHttpServerDefinition(plain(name), uri, {}, version);
}

/** What the chat shows of a call: what is being done, and a question where it has an effect. */
export function toolInvocation(
  doing: string,
  question: ToolQuestion | undefined,
): vscode.PreparedToolInvocation {
  const invocationMessage = plain(doing);
  if (!question) return { invocationMessage };
  const message = new vscode.MarkdownString();
  const code = visible(question.code);
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  message.appendMarkdown(`${fence}\n${code}\n${fence}\n\n`);
  for (const fact of question.facts) message.appendMarkdown(`${entities(fact)}  \n`);
  return { invocationMessage, confirmationMessages: { title: plain(question.title), message } };
}

function visible(text: string): string {
  const rest = text.length - CODE_CHARACTERS;
  const shown = text
    .slice(0, CODE_CHARACTERS)
    .replace(INVISIBLE, (character) =>
      character === '\n' || character === '\t'
        ? character
        : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return rest > 0 ? `${shown}\n… (${rest} more characters)` : shown;
}
