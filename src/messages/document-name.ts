import { filenameOfUrl } from '../client/content-disposition.js';
import { parseUrl } from '../runtime/parse-url.js';

/**
 * If a document has a link but no file name, adds the file name at the end of the link. Otherwise, WhatsApp shows
 * "Untitled" and no icon for the type, according to public reports (2026). Ignores names without an extension, because
 * the icon depends on it.
 *
 * @param document - A document in Meta's shape.
 */
export function withDocumentName<Document extends { readonly link?: string; readonly filename?: string }>(document: Document): Document {
  const { link, filename } = document;
  if (filename !== undefined || typeof link !== 'string' || !parseUrl(link)) return document;
  const name = filenameOfUrl(new URL(link));
  return name !== undefined && /.\.\w{1,8}$/.test(name) ? { ...document, filename: name } : document;
}
