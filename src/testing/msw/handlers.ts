import { http, HttpResponse, type HttpHandler } from 'msw';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';

/** Options of {@link handlers}. */
export interface HandlersOptions {
  /** Base URL of the Graph API in the code under test. @defaultValue `'https://graph.facebook.com'` */
  readonly baseUrl?: string | undefined;
}

/** Hosts of files, and of the archive of templates. */
const otherHosts = ['https://lookaside.fbsbx.com', 'https://api.facebook.com'] as const;

/**
 * Creates request handlers for `setupServer` and `setupWorker` of msw. They respond to requests to the Graph API and to
 * file downloads from a fake Cloud API. Unknown paths return an error with the path.
 *
 * @param fake - A fake of `createFakeCloudApi`.
 * @param options - The base URL. See {@link HandlersOptions}.
 * @returns the handlers.
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
