import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which rooms a room may import (CONTRIBUTING.md). Everything else above or beside it is refused. */
const ROOMS = {
  process: [],
  files: [],
  http: [],
  protocol: [],
  rpc: ['protocol'],
  environment: ['process', 'client'],
  client: ['rpc', 'protocol'],
  server: ['rpc', 'protocol', 'environment', 'files', 'http'],
  agents: ['environment'],
  editor: ['environment', 'agents', 'server'],
};
const ALL_ROOMS = [
  'process',
  'files',
  'http',
  'protocol',
  'rpc',
  'client',
  'environment',
  'server',
  'agents',
  'editor',
];

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths:
          room === 'editor'
            ? []
            : [{ name: 'vscode', message: 'Only src/editor and src/extension.ts see the editor.' }],
        patterns: ALL_ROOMS.filter((other) => other !== room && !allowed.includes(other)).map((other) => ({
          regex: `^(\\.\\./)+${other}(/|$)`,
          message: `${room}/ may not import ${other}/: see "The house" in CONTRIBUTING.md.`,
        })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/'] },
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
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
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
  {
    files: ['src/cli.ts', 'src/cli/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: ['vscode'], patterns: [{ regex: '/editor(/|$)' }] }],
    },
  },
  ...roomRules,
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
