/** Version of this package, as in package.json. */
export const packageVersion = '0.1.0';

/**
 * Returns the `User-Agent` of requests, or `undefined` in a browser, where the header would only cause a CORS
 * preflight. Meta's media host sends no files to clients without one.
 */
export function userAgent(): string | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: unknown } };
  return typeof navigator?.userAgent === 'string' && navigator.userAgent.startsWith('Mozilla/')
    ? undefined
    : `wa-coexist/${packageVersion}`;
}
