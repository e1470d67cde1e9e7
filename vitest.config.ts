import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** The package's entries, so that tests import what users import. The longest name first. */
const alias = [
  { find: 'wa-coexist/testing/node', replacement: source('testing/node/index.ts') },
  { find: 'wa-coexist/testing/msw', replacement: source('testing/msw/index.ts') },
  { find: 'wa-coexist/testing/vitest', replacement: source('testing/vitest/index.ts') },
  { find: 'wa-coexist/testing/jest', replacement: source('testing/jest/index.ts') },
  { find: 'wa-coexist/webhooks/node', replacement: source('webhooks/node/index.ts') },
  { find: 'wa-coexist/webhooks', replacement: source('webhooks/index.ts') },
  { find: 'wa-coexist/embedded-signup', replacement: source('embedded-signup/index.ts') },
  { find: 'wa-coexist/tenants', replacement: source('tenants/index.ts') },
  { find: 'wa-coexist/nestjs', replacement: source('nestjs/index.ts') },
  { find: 'wa-coexist/eligibility', replacement: source('eligibility/index.ts') },
  { find: 'wa-coexist/errors', replacement: source('errors/index.ts') },
  { find: 'wa-coexist/sqlite', replacement: source('sqlite/index.ts') },
  { find: 'wa-coexist/postgres', replacement: source('postgres/index.ts') },
  { find: 'wa-coexist/bullmq', replacement: source('sender/bullmq/index.ts') },
  { find: 'wa-coexist/d1', replacement: source('stores/d1/index.ts') },
  { find: 'wa-coexist/redis', replacement: source('stores/redis/index.ts') },
  { find: 'wa-coexist/testing', replacement: source('testing/index.ts') },
  { find: 'wa-coexist/messages', replacement: source('messages/index.ts') },
  { find: 'wa-coexist/templates', replacement: source('templates/index.ts') },
  { find: 'wa-coexist/conversations', replacement: source('conversations/index.ts') },
  { find: 'wa-coexist/flows', replacement: source('flows/index.ts') },
  { find: 'wa-coexist/coexistence', replacement: source('coexistence/index.ts') },
  { find: 'wa-coexist', replacement: source('index.ts') },
];

/** `unit` and `contract` are quick and in one process; `integration` opens sockets and files; `package` and `docs` need the build. */
const project = (name: string, include: string[], extra: Record<string, unknown> = {}) => ({
  resolve: { alias },
  test: { name, include, testTimeout: 30_000, ...extra },
});

/** Tests of the package as it is published: its names lead to `dist`. */
const built = (name: string, include: string[]) => ({ test: { name, include, testTimeout: 60_000, hookTimeout: 60_000 } });

export default defineConfig({
  test: {
    // Many tests wait for processes, sockets and browsers; left to itself, vitest would run one file at a time on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', ['test/**/*.test.ts'], { exclude: ['test/{stores,integration,package,docs,browser}/**'] }),
      project('contract', ['test/stores/**/*.test.ts']),
      project('integration', ['test/integration/**/*.test.ts']),
      built('package', ['test/package/**/*.test.ts']),
      built('docs', ['test/docs/**/*.test.ts']),
      project('examples', ['examples/**/*.test.ts']),
      built('browser', ['test/browser/**/*.test.ts']),
    ],
  },
});
