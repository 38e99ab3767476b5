import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What plain JavaScript files may use without an import; TypeScript files are checked by the compiler instead. */
const sharedGlobals = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'FormData',
  'Headers',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'performance',
  'queueMicrotask',
  'setInterval',
  'setTimeout',
  'structuredClone',
];
const nodeGlobals = ['Buffer', 'clearImmediate', 'process', 'setImmediate'];
const browserGlobals = [
  'CustomEvent',
  'DOMParser',
  'Element',
  'Event',
  'EventTarget',
  'HTMLButtonElement',
  'HTMLElement',
  'HTMLFormElement',
  'HTMLIFrameElement',
  'HTMLInputElement',
  'HTMLSelectElement',
  'HTMLTextAreaElement',
  'Intl',
  'IntersectionObserver',
  'KeyboardEvent',
  'MutationObserver',
  'ResizeObserver',
  'Stripe',
  'addEventListener',
  'cancelAnimationFrame',
  'document',
  'getComputedStyle',
  'history',
  'localStorage',
  'location',
  'matchMedia',
  'navigator',
  'removeEventListener',
  'requestAnimationFrame',
  'sessionStorage',
  'window',
];

const typescriptFiles = ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'];
const browserFiles = ['src/web/assets/**/*.{js,ts}', 'src/sandbox/stripe/browser/**/*.{js,ts}'];
/** These decide by what they are given, so that a replay and a test see what the first run saw. */
const deterministicFiles = ['src/domain/**/*.ts', 'src/application/**/*.ts', 'src/projections/**/*.ts'];

const clockMessage = 'Take the time from the Clock that is passed in: a replay must see what the first run saw.';
const randomMessage = 'Take ids from the source that is passed in, or derive them: a retry must make the same ones.';

const readonlyGlobals = (...names) => Object.fromEntries(names.flat().map((name) => [name, 'readonly']));

export default defineConfig(
  {
    ignores: ['dist/', 'data/', 'screens/', 'coverage/', 'bench/results/', 'test/support/planted/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },

  eslint.configs.recommended,
  {
    name: 'house style',
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-implicit-coercion': 'error',
      'no-param-reassign': 'error',
      'no-restricted-properties': ['error', ...focusedOrSkippedTests()],
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },

  {
    name: 'plain JavaScript of Node',
    files: ['**/*.{js,mjs,cjs}'],
    ignores: browserFiles,
    languageOptions: { globals: readonlyGlobals(sharedGlobals, nodeGlobals) },
  },
  {
    name: 'CommonJS',
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: readonlyGlobals('module', 'require', '__dirname') },
  },
  {
    name: 'scripts of the browser',
    files: browserFiles,
    languageOptions: { sourceType: 'module', globals: readonlyGlobals(sharedGlobals, browserGlobals) },
    rules: {
      'no-alert': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Build nodes or set textContent: text of a customer is never markup.' },
        { property: 'outerHTML', message: 'Build nodes or set textContent: text of a customer is never markup.' },
        { property: 'insertAdjacentHTML', message: 'Build nodes: text of a customer is never markup.' },
      ],
    },
  },

  {
    name: 'TypeScript',
    files: typescriptFiles,
    ignores: browserFiles,
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-unary-minus': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'TypeScript of the browser',
    files: browserFiles.map((glob) => glob.replace('{js,ts}', 'ts')),
    extends: [tseslint.configs.recommended],
  },

  {
    name: 'source',
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 80, IIFEs: true }],
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
    },
  },
  {
    name: 'source, where a value of no known type would spread',
    files: ['src/**/*.ts'],
    ignores: browserFiles,
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => [
        `@typescript-eslint/no-unsafe-${use}`,
        'error',
      ]),
    ),
  },
  {
    name: 'deterministic rooms',
    files: deterministicFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'crypto', message: randomMessage },
        { name: 'fetch', message: 'The world outside is reached through a port.' },
        { name: 'performance', message: clockMessage },
        { name: 'process', message: 'Settings are passed in by the code that wires.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:crypto', 'crypto'].map((name) => ({
            name,
            importNames: ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues', 'webcrypto'],
            message: randomMessage,
          })),
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clockMessage },
        { object: 'Math', property: 'random', message: randomMessage },
        { property: 'randomUUID', message: randomMessage },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockMessage },
        { selector: "CallExpression[callee.name='Date']", message: clockMessage },
      ],
    },
  },
  {
    name: 'what talks to the person at the terminal',
    files: ['src/start-up/**/*.ts', 'src/*.ts', 'src/sandbox/main.ts', 'scripts/**', 'bench/**', 'test/support/*.js'],
    rules: { 'no-console': 'off' },
  },
);

/** A test that is left out, or that leaves the others out, looks like a green run. */
function focusedOrSkippedTests() {
  const message = 'Every test runs. Where one needs what the machine may lack, it says so loudly and fails under CI.';
  return ['describe', 'it', 'test'].flatMap((object) =>
    ['only', 'skip', 'todo', 'failing'].map((property) => ({ object, property, message })),
  );
}
