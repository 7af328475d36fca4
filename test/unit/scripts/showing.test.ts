import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';

/** Some file of the editor's, in whose place each of these stands. */
const FILE = 'src/editor/redraw.ts';
const TYPES_MS = 600_000;
const BEGINNING = "import * as vscode from 'vscode';\ndeclare const theirs: string;\n";

const WAYS = {
  'a notice': 'void vscode.window.showErrorMessage(theirs);',
  'by a computed name': "const name = 'showErrorMessage' as const; void vscode.window[name](theirs);",
  'by a name in backticks': 'void vscode.window[`showErrorMessage`](theirs);',
  'by another name': 'const { window: { showErrorMessage: say } } = vscode; void say(theirs);',
  'progress in the place of version control': 'void vscode.window.withScmProgress(async () => theirs);',
  'a row without its class': 'const row: vscode.TreeItem = { label: theirs };',
  'rows of a view':
    'const view = (rows: vscode.TreeDataProvider<string>) => vscode.window.createTreeView(theirs, { treeDataProvider: rows });',
  'a badge':
    'const tell = (view: vscode.TreeView<string>) => { view.badge = { value: 1, tooltip: theirs }; };',
  'a name in brackets': "const tell = (view: vscode.TreeView<string>) => { view['message'] = theirs; };",
  'a word below a file': 'const mark = (): vscode.FileDecoration => new vscode.FileDecoration("x", theirs);',
  'Markdown over a word': 'const hover = new vscode.Hover(theirs);',
  'a diagnosis': 'const fault = (range: vscode.Range) => new vscode.Diagnostic(range, theirs);',
  'a link in a terminal': 'const link = new vscode.TerminalLink(0, 1, theirs);',
  'a tool':
    'const tool: vscode.LanguageModelTool<object> = { prepareInvocation: () => ({ invocationMessage: theirs }), invoke: () => undefined };',
  'a chat':
    'const chat = vscode.chat.createChatParticipant(theirs, (_request, _context, stream) => stream.markdown(theirs));',
  'a source of changes': 'const scm = vscode.scm.createSourceControl(theirs, theirs);',
};

describe('the rule that text is shown through src/editor/show', () => {
  const eslint = new ESLint();
  /** By line, from 1. */
  const faults = async (text: string): Promise<ReadonlyMap<number, string>> => {
    const [result] = await eslint.lintText(text, { filePath: FILE });
    const messages = result?.messages ?? [];
    const on = (line: number): string[] =>
      messages.filter((one) => one.line === line).map((one) => one.message);
    return new Map(messages.map(({ line }) => [line, on(line).join('\n')]));
  };
  let found: ReadonlyMap<number, string>;

  before(async function () {
    // All that the editor's sources are typed with is read once.
    this.timeout(TYPES_MS);
    const lines = Object.values(WAYS).map((line) => `{ ${line} }`);
    found = await faults(`${BEGINNING}${lines.join('\n')}\n`);
  });

  for (const [index, name] of Object.keys(WAYS).entries()) {
    it(`finds ${name}`, () => {
      const fault = found.get(index + BEGINNING.split('\n').length);
      assert.match(fault ?? '', /must not be live/);
    });
  }

  it('lets the house be', async () => {
    assert.deepEqual([...(await faults(readFileSync(FILE, 'utf8')))], []);
  });
});
