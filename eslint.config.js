import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Node's globals are not there in every runtime that the entries promise; what needs Node imports it by name. */
const nodeGlobals = ['process', 'Buffer', 'global', '__dirname', '__filename', 'require', 'module', 'setImmediate', 'clearImmediate'];

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      'docs/site/',
      'docs/reference/',
      'docs/.vitepress/.temp/',
      'coverage/',
      'node_modules/',
      '.conformance-*/',
      '.stryker-tmp/',
      '**/.next/',
      'examples/tests-with-jest/',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './test/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Handlers may return a promise: the emitter awaits it.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...nodeGlobals.map((name) => ({ name, message: 'Import it from a node: module, in a file that is for Node.' })),
      ],
      'no-restricted-properties': [
        'error',
        ...['parse', 'canParse'].map((property) => ({ object: 'URL', property, message: 'Older browsers lack it. Use parseUrl.' })),
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**/*.ts', 'examples/**/*.ts'],
    ignores: ['test/bench/**', 'test/meta/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ":matches(CallExpression[callee.name='createClient'], CallExpression[callee.name='createWhatsApp']) Property[key.name='fetch'] > :function",
          message: 'Use the fake Cloud API, or recordMeta of test/meta/recorder.ts.',
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: 'writable' } },
  },
  {
    files: ['examples/**/page.js'],
    languageOptions: { globals: { document: 'readonly', fetch: 'readonly' } },
  },
  {
    // NestJS describes modules and options as classes.
    files: ['src/nestjs/*.ts', 'examples/agent-inbox/src/**/*.ts', 'test/integration/frameworks/*.ts', 'test/docs/frameworks.test.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off', '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    // Callers name the types of rows and of elements, as with pg and the DOM.
    files: ['examples/agent-inbox/**/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-type-parameters': 'off' },
  },
);
