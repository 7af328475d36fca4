// A rule for ESLint: what is handed to the editor to be shown goes through src/editor/show/, by whatever name or way.
import ts from 'typescript';

const MESSAGE = 'The words of others must not be live: show text through src/editor/show/.';
const API = /[/\\]@types[/\\]vscode[/\\]/;

/** Of the editor's API, what may be called elsewhere: nothing of it shows a text that it is given. */
const CALLED = [
  'l10n\\.t(?:\\.options)?|commands\\.executeCommand|env\\.(?:openExternal|asExternalUri)|Clipboard\\.writeText',
  'Disposable(?:\\..+)?|Event|EventEmitter(?:\\..+)?|Uri\\..+|Range|ThemeIcon|ThemeColor',
  'workspace\\.(?:getConfiguration|asRelativePath|getWorkspaceFolder|openTextDocument|registerTextDocumentContentProvider)',
  'WorkspaceConfiguration\\..+|ConfigurationChangeEvent\\..+|Memento\\..+|SecretStorage\\..+|FileSystem\\..+',
  'window\\.(?:showTextDocument|registerTerminalLinkProvider)|TreeView\\.reveal|TextEditor\\.revealRange|TextDocument\\.lineAt',
  'Terminal\\.(?:show|sendText|dispose)|TerminalShellExecution\\.read|EnvironmentVariableCollection\\.(?:replace|prepend|clear)',
  'LanguageModelToolResult|LanguageModelTextPart|LanguageModelToolTokenizationOptions\\.countTokens',
  'lm\\.registerMcpServerDefinitionProvider',
];
/** Objects that may be made elsewhere to be handed over, and properties of its objects that may be set. */
const MADE = [
  'l10n\\.t\\.options|Uri\\.from\\.components|Command|TextDocumentShowOptions|TextDocumentContentProvider|TerminalDimensions',
  'TreeView\\.reveal\\.options|TerminalLinkProvider|McpServerDefinitionProvider|EnvironmentVariableMutatorOptions|TerminalOptions\\.env',
];
const SET = [
  'TreeItem\\.command|McpHttpServerDefinition\\.(?:uri|headers)|EnvironmentVariableCollection\\.persistent',
];

const among = (/** @type {readonly string[]} */ patterns) => {
  const all = new RegExp(`^(?:${patterns.join('|')})$`);
  return (/** @type {string} */ name) => all.test(name);
};
const [mayCall, mayMake, maySet] = [CALLED, MADE, SET].map(among);

/** As `window.showErrorMessage`, `Uri.file`, `TreeItem` for its constructor; undefined for what is not of the API. */
function nameOf(/** @type {ts.Node | undefined} */ declaration) {
  if (!declaration || !API.test(declaration.getSourceFile().fileName)) return undefined;
  const names = [];
  for (let node = declaration; node && !ts.isSourceFile(node); node = node.parent) {
    const name = /** @type {ts.NamedDeclaration} */ (node).name?.getText();
    if (name && name !== "'vscode'") names.unshift(name);
  }
  return names.join('.');
}

/** @type {import('eslint').Rule.RuleModule} */
export const showing = {
  meta: { type: 'problem', schema: [], messages: { shown: `{{name}}: ${MESSAGE}` } },
  create(context) {
    const services = /** @type {any} */ (context.sourceCode).parserServices;
    const checker = /** @type {ts.TypeChecker} */ (services.program.getTypeChecker());
    const typed = (/** @type {unknown} */ node) => services.esTreeNodeToTSNodeMap.get(node);
    const refuse = (/** @type {any} */ node, /** @type {string} */ name) =>
      context.report({ node, messageId: 'shown', data: { name } });

    const call = (/** @type {any} */ node) => {
      const name = nameOf(checker.getResolvedSignature(typed(node))?.declaration);
      if (name !== undefined && !mayCall(name)) refuse(node, name);
    };
    return {
      CallExpression: call,
      // A class without a constructor of its own has no declaration to go by.
      NewExpression(node) {
        const symbol = checker.getTypeAtLocation(typed(node)).getSymbol();
        const name = nameOf(symbol?.declarations?.[0]);
        if (name !== undefined && !mayCall(name)) refuse(node, name);
      },
      ObjectExpression(node) {
        const type = checker.getContextualType(typed(node));
        for (const one of type?.isUnionOrIntersection() ? type.types : type ? [type] : []) {
          const name = nameOf((one.aliasSymbol ?? one.getSymbol())?.declarations?.[0]);
          if (name !== undefined && !mayMake(name)) return refuse(node, name);
        }
      },
      'AssignmentExpression > MemberExpression.left'(node) {
        const { expression, argumentExpression, name } = typed(node);
        const key = name?.text ?? (argumentExpression && checker.getTypeAtLocation(argumentExpression).value);
        const property = checker.getTypeAtLocation(expression).getProperty(String(key));
        const full = nameOf(property?.declarations?.[0]);
        if (full !== undefined && !maySet(full)) refuse(node, full);
      },
    };
  },
};
