import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';

/**
 * End of each Graph API version. Meta handles calls to a removed version as the oldest available one. Source: Meta,
 * Graph API changelog (Sep 2026). The end of v26.0 (released 29 Jul 2026) is not announced.
 */
const endOf: Readonly<Record<string, string>> = {
  'v20.0': '2026-09-24',
  'v21.0': '2027-01-21',
  'v22.0': '2027-05-20',
  'v23.0': '2027-10-08',
  'v24.0': '2028-02-18',
  'v25.0': '2028-07-29',
};

/** Number of days before the end of a version when warnings start. */
const noticeDays = 90;

/**
 * Warns if a version is about to expire or has expired, and if Meta responds with another version. Logs each warning
 * once.
 *
 * @returns a function that receives the headers of each response.
 */
export function versionWatch(version: string, logger: Logger, clock: Clock): (headers: Headers) => void {
  const end = endOf[version];
  const fix = 'Set a newer version: createClient({ version }).';
  if (end !== undefined && clock.now() > Date.parse(end) - noticeDays * 86_400_000) {
    logger.warn('graph.version_expiring', { version, end, fix });
  }
  let wasSaid = false;
  return (headers) => {
    const answeredAs = headers.get('facebook-api-version');
    if (wasSaid || answeredAs === null || answeredAs === version) return;
    wasSaid = true;
    logger.warn('graph.version_replaced', { version, answeredAs, fix });
  };
}
