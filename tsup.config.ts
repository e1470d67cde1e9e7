import { defineConfig } from 'tsup';

/** One output file for each source file, so that consumers' bundlers shake per file; declarations only for the entries. */
export default defineConfig({
  entry: ['src/**/*.ts'],
  bundle: false,
  format: ['esm'],
  target: 'node22',
  platform: 'neutral',
  sourcemap: true,
  clean: true,
  outDir: 'dist',
  dts: {
    entry: {
      index: 'src/index.ts',
      'webhooks/index': 'src/webhooks/index.ts',
      'webhooks/node/index': 'src/webhooks/node/index.ts',
      'embedded-signup/index': 'src/embedded-signup/index.ts',
      'errors/index': 'src/errors/index.ts',
      'sqlite/index': 'src/sqlite/index.ts',
      'stores/redis/index': 'src/stores/redis/index.ts',
      'eligibility/index': 'src/eligibility/index.ts',
      'testing/index': 'src/testing/index.ts',
      'testing/msw/index': 'src/testing/msw/index.ts',
    },
  },
});
