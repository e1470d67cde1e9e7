import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, test } from 'vitest';
import type { Store } from 'wa-coexist';
import { storeContract } from 'wa-coexist/testing/node';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that its own name resolves to its own entries.
const folder = mkdtempSync(join(root, '.conformance-stores-'));
const [, code = ''] =
  /^```ts \[postgres-store\.ts\]\n([\s\S]*?)^```/m.exec(readFileSync(join(root, 'docs/guide/custom-stores.md'), 'utf8')) ?? [];
writeFileSync(join(folder, 'postgres-store.ts'), code);
const { postgresStore, storeSchema } = (await import(/* @vite-ignore */ join(folder, 'postgres-store.ts'))) as {
  postgresStore(pool: object): Store;
  storeSchema: readonly string[];
};

const database = await PGlite.create();
for (const statement of storeSchema) await database.exec(statement);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A pool with one connection, which waits until the last borrower returns it. */
let free = Promise.resolve();
const pool = {
  async connect() {
    const before = free;
    let release = (): void => undefined;
    free = new Promise((resolve) => (release = resolve));
    await before;
    return {
      query: (text: string, values?: unknown[]) => database.query(text, values),
      release: () => {
        release();
      },
    };
  },
};

describe('the PostgreSQL store of the page "Custom stores" passes the contract', () => {
  const createStore = async (): Promise<Store> => {
    await database.exec('TRUNCATE wa_store');
    return postgresStore(pool);
  };
  test.each(storeContract({ createStore }).map(({ name, run }) => [name, run] as const))('%s', { timeout: 60_000 }, async (_name, run) => {
    await run();
  });
});
