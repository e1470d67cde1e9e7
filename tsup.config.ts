import { defineConfig } from 'tsup';

/** One output file for each source file, so that consumers' bundlers shake per file; declarations only for the entries. */
const library = defineConfig({
  entry: ['src/**/*.ts', '!src/testing/emulator/page/**'],
  bundle: false,
  format: ['esm'],
  target: 'node22',
  platform: 'neutral',
  sourcemap: true,
  // The package contains the sources, so the maps of this build and of the build for Node don't repeat them.
  esbuildOptions: (options) => {
    options.sourcesContent = false;
  },
  clean: ['dist/**', '!dist/testing/emulator/page/**'],
  outDir: 'dist',
  dts: {
    entry: {
      index: 'src/index.ts',
      'messages/index': 'src/messages/index.ts',
      'templates/index': 'src/templates/index.ts',
      'flows/index': 'src/flows/index.ts',
      'conversations/index': 'src/conversations/index.ts',
      'coexistence/index': 'src/coexistence/index.ts',
      'webhooks/index': 'src/webhooks/index.ts',
      'webhooks/node/index': 'src/webhooks/node/index.ts',
      'embedded-signup/index': 'src/embedded-signup/index.ts',
      'errors/index': 'src/errors/index.ts',
      'sqlite/index': 'src/sqlite/index.ts',
      'stores/redis/index': 'src/stores/redis/index.ts',
      'postgres/index': 'src/postgres/index.ts',
      'stores/d1/index': 'src/stores/d1/index.ts',
      'sender/bullmq/index': 'src/sender/bullmq/index.ts',
      'tenants/index': 'src/tenants/index.ts',
      'nestjs/index': 'src/nestjs/index.ts',
      'eligibility/index': 'src/eligibility/index.ts',
      'testing/index': 'src/testing/index.ts',
      'testing/node/index': 'src/testing/node/index.ts',
      'testing/msw/index': 'src/testing/msw/index.ts',
      'testing/vitest/index': 'src/testing/vitest/index.ts',
      'testing/jest/index': 'src/testing/jest/index.ts',
    },
  },
});

/** The emulator's page: one script for browsers, with Preact in it, and what is served as it is. */
const page = defineConfig({
  entry: ['src/testing/emulator/page/main.tsx', 'src/testing/emulator/page/index.html', 'src/testing/emulator/page/*.css'],
  loader: { '.html': 'copy', '.css': 'copy' },
  bundle: true,
  noExternal: ['preact'],
  format: ['esm'],
  target: 'es2022',
  platform: 'browser',
  minify: true,
  clean: true,
  outDir: 'dist/testing/emulator/page',
  metafile: true,
  banner: { js: '/*! Contains Preact. See licenses.txt. */' },
});

export default [library, page].flat();
