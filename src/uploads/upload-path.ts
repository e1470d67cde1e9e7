import type { GraphRequest } from '../client/client.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/**
 * Returns the path of an upload. Its ID consists of a path and a signature as a query. Both must be sent unchanged,
 * because Meta doesn't recognize an escaped ID. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @throws `InvalidArgumentError` for an ID in another form, and for one with parameters other than `sig`.
 */
export function uploadPath(action: string, uploadId: string): Pick<GraphRequest, 'path' | 'query'> {
  const [, path, search = ''] =
    typeof uploadId === 'string' ? (/^(upload:[\w\-+/=]+)(?:\?sig=([\w\-+/=:.~]*))?$/.exec(uploadId) ?? []) : [];
  if (path === undefined) throw new InvalidArgumentError(action, 'uploadId', 'must be an upload ID, for example upload:…?sig=…');
  return { path: path.split('/'), query: search === '' ? {} : { sig: search } };
}
