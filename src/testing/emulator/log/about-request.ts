import { isRecord } from '../../../runtime/json.js';
import type { FakeRequestRecord } from '../../fake/fake-request.js';

const maxCharacters = 70;

/** Describes a request in a few words, for example the type of the message and its recipient. */
export function aboutRequest({ method, path, body }: FakeRequestRecord): string {
  if (method !== 'POST' || !/\/(?:marketing_)?messages$/.test(path)) return '';
  if (body.status === 'read') return body.typing_indicator === undefined ? 'mark as read' : 'mark as read, typing';
  const type = typeof body.type === 'string' ? body.type : 'text';
  const content = body[type];
  const to = typeof body.to === 'string' ? body.to : body.recipient;
  const words = isRecord(content) ? (content.body ?? content.caption ?? content.name ?? content.emoji ?? content.type) : undefined;
  const text = typeof words === 'string' ? `: ${words.replace(/\s+/g, ' ')}` : '';
  const all = `${type} to ${typeof to === 'string' ? to : 'nobody'}${text}`;
  return all.length > maxCharacters ? `${all.slice(0, maxCharacters)}…` : all;
}
