/**
 * Mutation testing of what guards people: the signature, the telling apart of copies, the decision to repeat a request, and the redaction of
 * secrets. `npm run check:mutants` fails below 85 % killed.
 */
export default {
  mutate: [
    'src/webhooks/signature.ts',
    'src/webhooks/memory-claims.ts',
    'src/webhooks/store-claims.ts',
    'src/webhooks/parsing/event-key.ts',
    'src/client/retry.ts',
    'src/client/redact.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  thresholds: { high: 95, low: 90, break: 85 },
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false },
  // A mutant of a loop that never ends is dead soon enough.
  timeoutMS: 5_000,
  ignorePatterns: ['dist', 'docs', 'examples', '.ci', '.github'],
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
  concurrency: 2,
};
