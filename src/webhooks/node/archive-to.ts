import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivedDelivery } from '../webhooks-options.js';

/**
 * An archive for `createWebhooks({ archive })` that writes each delivery into a file of its own, with exactly the bytes that Meta sent, under
 * the time of arrival: `wa-coexist replay FOLDER` posts them again in that order. Copies of the same bytes at the same time are one file.
 *
 * @throws what the file system throws; Meta then delivers again.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 * import { archiveTo } from 'wa-coexist/webhooks/node';
 *
 * createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', archive: archiveTo('deliveries') });
 * ```
 */
export function archiveTo(folder: string): (delivery: ArchivedDelivery) => Promise<void> {
  return async ({ id, receivedAt, bytes }) => {
    await mkdir(folder, { recursive: true });
    // Colons are no characters of file names everywhere; the id is made of digits and letters.
    await writeFile(join(folder, `${receivedAt.toISOString().replaceAll(':', '-')}-${id}.json`), bytes);
  };
}
