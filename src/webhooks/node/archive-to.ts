import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivedDelivery } from '../webhooks-options.js';

/**
 * Creates an archive for the option `archive` of `createWebhooks`. Serve the receiver with {@link toNodeHandler}. The archive writes the exact bytes of each delivery to
 * its own file, named by the time of arrival. `wa-coexist replay FOLDER` posts the files again in this order. Equal
 * bytes at the same time share a file.
 *
 * @param folder - The folder. The function creates it if it is missing.
 * @returns the archive. It rejects with errors of the file system, and Meta then redelivers.
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
    // Some file systems don't allow colons. The ID consists of digits and letters.
    await writeFile(join(folder, `${receivedAt.toISOString().replaceAll(':', '-')}-${id}.json`), bytes);
  };
}
