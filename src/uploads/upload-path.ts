import type { GraphRequest } from '../client/client.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/**
 * Where an upload is. Its id is a path and a signature as a query, which must arrive as Meta gave them: escaped as a whole, Meta does not
 * know it again. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @throws `InvalidArgumentError` for an id of another form, and for one with parameters other than `sig`.
 */
export function uploadPath(action: string, uploadId: string): Pick<GraphRequest, 'path' | 'query'> {
  const [, path, search = ''] =
    typeof uploadId === 'string' ? (/^(upload:[\w\-+/=]+)(?:\?sig=([\w\-+/=:.~]*))?$/.exec(uploadId) ?? []) : [];
  if (path === undefined) throw new InvalidArgumentError(action, 'uploadId', 'is not the id of an upload, as upload:…?sig=…');
  return { path: path.split('/'), query: search === '' ? {} : { sig: search } };
}
