import { http, HttpResponse, type HttpHandler } from 'msw';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';

/** Options of {@link handlers}. */
export interface HandlersOptions {
  /** Where the Graph API is for the code under test. @defaultValue `'https://graph.facebook.com'` */
  readonly baseUrl?: string | undefined;
}

/** Where Meta has files, and the archive of templates. */
const otherHosts = ['https://lookaside.fbsbx.com', 'https://api.facebook.com'] as const;

/**
 * Makes request handlers for msw's `setupServer` and `setupWorker` that answer every call of the Graph API, and every download of a file,
 * from a fake Cloud API. A path that the fake lacks answers with an error that names it.
 *
 * @example
 * ```ts
 * import { setupServer } from 'msw/node';
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 * import { handlers } from 'wa-coexist/testing/msw';
 *
 * const fake = createFakeCloudApi();
 * const server = setupServer(...handlers(fake));
 * server.listen({ onUnhandledFrame: 'error' }); // `onUnhandledRequest` before msw 3
 * ```
 */
export function handlers(fake: FakeCloudApi, options: HandlersOptions = {}): HttpHandler[] {
  const graph = options.baseUrl ?? 'https://graph.facebook.com';
  return [graph, ...otherHosts].map((host) =>
    http.all(`${host.replace(/\/+$/, '')}/*`, async ({ request }) => {
      try {
        return await fake.fetch(request);
      } catch {
        // msw makes a 500 of what a resolver throws; a cut connection has to reach the caller as one.
        return HttpResponse.error();
      }
    }),
  );
}
