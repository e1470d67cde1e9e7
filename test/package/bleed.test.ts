import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the packages in the bundle of a program that imports `what` from an entry of the built package. */
async function packagesOf(entry: string, what: string): Promise<string[]> {
  const result = await build({
    stdin: { contents: `export ${what} from '${entry}';`, resolveDir: root },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    // BullMQ is a peer dependency of this entry.
    external: ['node:*', 'bullmq'],
  });
  const [output] = Object.values(result.metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = used.map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}

test.each<[string, string, string[]]>([
  ['wa-coexist', '{ createClient, sendMessage }', ['ky']],
  ['wa-coexist/coexistence', '{ coexistencePolicy }', []],
  ['wa-coexist', '{ memoryStore }', []],
  ['wa-coexist', '{ createSender }', ['eventemitter3', 'p-queue']],
  ['wa-coexist/webhooks', '{ createWebhooks }', ['eventemitter3', 'zod']],
  ['wa-coexist/webhooks', '{ parseWebhook }', ['zod']],
  ['wa-coexist/webhooks', '{ verifySignature }', []],
  ['wa-coexist/webhooks/node', '*', []],
  ['wa-coexist/embedded-signup', '*', []],
  ['wa-coexist/errors', '*', []],
  ['wa-coexist/sqlite', '*', []],
  ['wa-coexist/bullmq', '{ createBullSender }', ['eventemitter3', 'p-queue']],
  ['wa-coexist/eligibility', '*', ['libphonenumber-js']],
  ['wa-coexist/coexistence', '{ checkFeature, checkMessage, restrictions }', []],
])("%s %s doesn't load %j", async (entry, what, packages) => {
  expect(await packagesOf(entry, what)).toEqual(packages);
});

test("wa-coexist/webhooks loads neither ky, p-queue nor msw, and wa-coexist/testing doesn't load msw", async () => {
  const webhooks = await packagesOf('wa-coexist/webhooks', '*');
  expect(webhooks).not.toEqual(expect.arrayContaining(['ky']));
  expect(webhooks).not.toEqual(expect.arrayContaining(['p-queue']));
  expect(webhooks).not.toEqual(expect.arrayContaining(['msw']));
  expect(await packagesOf('wa-coexist/testing', '*')).not.toEqual(expect.arrayContaining(['msw']));
});

test('wa-coexist/embedded-signup bundles for browsers without Node modules', async () => {
  const { metafile } = await build({
    stdin: { contents: `export * from 'wa-coexist/embedded-signup';`, resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  });
  const [output] = Object.values(metafile.outputs);
  expect(output?.imports).toEqual([]);
});
