import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSender } from 'wa-coexist';
import { sqliteStore } from 'wa-coexist/sqlite';
import { senderContract } from './contract.js';
import { durableContract } from './durable-contract.js';

senderContract('createSender in memory', () =>
  Promise.resolve({
    open: (options) => createSender(options),
    isDurable: false,
    close: () => Promise.resolve(),
  }),
);

senderContract(
  'createSender on SQLite',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'contract-'));
    const store = sqliteStore(join(folder, 'sender.db'));
    return Promise.resolve({
      open: (options) => createSender({ ...options, store, takeOverAfterMs: 500 }),
      isDurable: true,
      async close() {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    });
  },
  durableContract,
);
