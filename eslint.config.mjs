import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { opening } from './scripts/lint/opening.mjs';
import { showing } from './scripts/lint/showing.mjs';
import { size } from './scripts/lint/size.mjs';

const ALL_ROOMS = [
  'values',
  'os',
  'sandbox',
  'blocking',
  'model',
  'process',
  'files',
  'http',
  'protocol',
  'rpc',
  'client',
  'environment',
  'hub',
  'record',
  'keep',
  'attach',
  'server',
  'agents',
  'screen',
  'editor',
];
const EDITOR_ONLY = 'Only src/editor and src/extension.ts see the editor.';

/**
 * Who may import which rooms (see "The house" in CONTRIBUTING.md), by import, import() and require() alike. Everything
 * else above or beside it is refused. A room may import itself, and every room `values/`.
 *
 * @type {Record<string, { rooms: string[], vscode?: boolean }>}
 */
const PLACES = {
  'values/**': { rooms: [] },
  'os/**': { rooms: [] },
  'sandbox/**': { rooms: ['os', 'blocking', 'model'] },
  'model/**': { rooms: [] },
  'blocking/**': { rooms: [] },
  'process/**': { rooms: ['model', 'blocking', 'os', 'sandbox'] },
  'files/**': { rooms: ['blocking', 'os', 'sandbox'] },
  'http/**': { rooms: [] },
  'protocol/**': { rooms: [] },
  'rpc/**': { rooms: ['protocol'] },
  'environment/**': { rooms: ['model', 'process', 'client', 'sandbox'] },
  'client/**': { rooms: ['model', 'rpc', 'protocol'] },
  'server/**': { rooms: ['rpc', 'protocol', 'environment', 'files', 'http', 'sandbox', 'blocking'] },
  'hub/**': { rooms: ['environment'] },
  'record/**': { rooms: ['environment'] },
  'attach/**': { rooms: [] },
  'agents/**': { rooms: ['environment', 'hub', 'screen'] },
  'keep/**': { rooms: ['environment', 'hub', 'record', 'agents', 'server'] },
  'screen/**': { rooms: [] },
  'editor/**': {
    rooms: ['environment', 'hub', 'record', 'agents', 'server', 'screen', 'keep'],
    vscode: true,
  },
  'cli/**': { rooms: ALL_ROOMS.filter((room) => room !== 'editor') },
  // The entry files.
  'doors.ts': { rooms: ['cli', 'agents'] },
  'cli.ts': { rooms: ALL_ROOMS.filter((room) => room !== 'editor') },
  'extension.ts': { rooms: ALL_ROOMS, vscode: true },
  'index.ts': { rooms: ['environment', 'client'] },
  'inProcess.ts': { rooms: ['client', 'hub', 'server'] },
  'sweep.ts': { rooms: ['process'] },
  'lookUp.ts': { rooms: ['http'] },
  'screenThread.ts': { rooms: ['screen'] },
  'askpass.ts': { rooms: [] },
  'far.ts': { rooms: ['attach'] },
};

/**
 * The rooms of `process/`, and which of each other they may import: the lower ones, and all what lies beside them. Only
 * `native/` may load native code.
 *
 * @type {Record<string, string[]>}
 */
const PROCESS_ROOMS = {
  env: [],
  input: [],
  viewing: [],
  native: [],
  observe: ['native'],
  stop: ['native', 'observe'],
  spawn: ['native', 'observe'],
  streams: ['native', 'spawn'],
  output: ['streams'],
  needs: ['observe', 'output'],
  sandbox: ['native', 'observe', 'spawn', 'output', 'stop'],
  orphans: ['native', 'observe', 'stop', 'sandbox'],
};
const NATIVE_MODULES = '^(koffi|node-pty)(/|$)';

/** Rules of ours. */
const house = { rules: { opening, showing, size } };

const SYNTAX = [{ selector: 'ExportDefaultDeclaration', message: 'Export by name.' }];

/** One refusal, for `import … from` and for what loads at run time. */
const refusal = (/** @type {string} */ regex, /** @type {string} */ message) => {
  // A selector ends its pattern at the first slash, escaped or not.
  const pattern = `/${regex.replaceAll('/', '\\u002F')}/`;
  return {
    pattern: { regex, message },
    syntax: [
      { selector: `ImportExpression > Literal[value=${pattern}]`, message },
      { selector: `CallExpression[callee.name="require"] > Literal[value=${pattern}]`, message },
    ],
  };
};

const rulesOf = (
  /** @type {string} */ name,
  { rooms, vscode = false },
  /** @type {string | undefined} */ inner = undefined,
  more = [],
) => {
  const own = /^(\w+)\/\*\*$/.exec(name)?.[1];
  const up = own === undefined ? '^\\./' : '^(\\.\\./)+';
  const refusals = ALL_ROOMS.filter((room) => room !== own && room !== 'values' && !rooms.includes(room)).map(
    (room) =>
      refusal(`${up}${room}(/|$)`, `${name} may not import ${room}/: see "The house" in CONTRIBUTING.md.`),
  );
  if (!vscode) refusals.push(refusal('^vscode$', EDITOR_ONLY));
  for (const room of Object.keys(inner === undefined ? {} : PROCESS_ROOMS)) {
    if (room === inner || PROCESS_ROOMS[inner].includes(room)) continue;
    const message = `process/${inner} may not import process/${room}: see PROCESS_ROOMS.`;
    refusals.push(refusal(`^\\.\\./${room}(/|$)`, message));
  }
  if (inner !== 'native')
    refusals.push(refusal(NATIVE_MODULES, 'Native code is loaded in src/process/native.'));
  const computed = {
    selector: 'ImportExpression:not([source.type="Literal"])',
    message: 'Nobody can see what a computed import() loads.',
  };
  return {
    'no-restricted-imports': ['error', { patterns: refusals.map(({ pattern }) => pattern) }],
    'no-restricted-syntax': [
      'error',
      ...SYNTAX,
      ...more,
      computed,
      ...refusals.flatMap(({ syntax }) => syntax),
    ],
  };
};

const placeRules = [
  ...Object.entries(PLACES).map(([name, place]) => ({
    files: [`src/${name}`],
    rules: rulesOf(name, place),
  })),
  ...Object.keys(PROCESS_ROOMS).map((room) => ({
    files: [`src/process/${room}/**`],
    rules: rulesOf('process/**', PLACES['process/**'], room),
  })),
];

/** What of the editor shows text: in its words, links, icons and line breaks may be live. */
const SHOWING = [
  'show(?:Error|Warning|Information)Message',
  'show(?:QuickPick|InputBox|OpenDialog|SaveDialog|WorkspaceFolderPick)',
  'create(?:QuickPick|InputBox|StatusBarItem|Terminal|OutputChannel|WebviewPanel)',
  'setStatusBarMessage|withProgress',
  'MarkdownString|TreeItem|TerminalProfile',
  'register(?:TextEditor)?Command',
].join('|');
const showOnlyThere = {
  message: 'The words of others must not be live: show text through src/editor/show/.',
};
const SHOW_RULES = [
  // As a value, by whatever name it was imported or taken out of its namespace.
  { selector: `MemberExpression > Identifier.property[name=/^(?:${SHOWING})$/]`, ...showOnlyThere },
  { selector: `MemberExpression > Literal.property[value=/^(?:${SHOWING})$/]`, ...showOnlyThere },
  { selector: `ObjectPattern > Property > Identifier.key[name=/^(?:${SHOWING})$/]`, ...showOnlyThere },
  {
    selector: `ImportDeclaration[source.value="vscode"] ImportSpecifier > Identifier.imported[name=/^(?:${SHOWING})$/]`,
    ...showOnlyThere,
  },
  // What was made safely stays so.
  {
    selector:
      'AssignmentExpression > MemberExpression.left[property.name=/^(?:label|description|detail|tooltip|title|prompt|placeholder|placeHolder|validationMessage|text|message|accessibilityInformation)$/]',
    ...showOnlyThere,
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Escape sequences are what terminals are made of.
      'no-control-regex': 'off',
      'no-restricted-syntax': ['error', ...SYNTAX],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  { plugins: { house }, rules: { 'house/size': 'error' } },
  { files: ['src/**/*.ts'], plugins: { house }, rules: { 'house/opening': 'error' } },
  ...placeRules,
  ...['editor/**', 'extension.ts'].map((name) => ({
    files: [`src/${name}`],
    ignores: ['src/editor/show/**'],
    plugins: { house },
    rules: { ...rulesOf(name, PLACES[name], undefined, SHOW_RULES), 'house/showing': 'error' },
  })),
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        window: 'readonly',
        document: 'readonly',
        globalThis: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
