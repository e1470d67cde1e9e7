import { Buffer } from 'node:buffer';
import { isRecord } from '../../../runtime/json.js';
import type { FakeContent } from '../../fake/fake-content.js';
import { samplePicture } from './sample-picture.js';

/**
 * Returns the content of an action for the fake. The bytes of a file are base64 in `data`, and `sample` stands for a
 * picture of the emulator.
 *
 * @throws `Error` if there is neither a text nor content.
 */
export function readContent(text: unknown, content: unknown): FakeContent {
  if (typeof text === 'string' && content === undefined) return text;
  if (!isRecord(content) || typeof content.type !== 'string') throw new Error('A message needs "text", or "content" with a "type".');
  const { type } = content;
  const own = content[type];
  if (!isRecord(own) || typeof own.data !== 'string') return { ...content, type };
  const { data, ...facts } = own;
  const isSample = data === 'sample';
  const bytes = isSample ? samplePicture() : new Uint8Array(Buffer.from(data, 'base64'));
  return { ...content, type, [type]: { ...(isSample && { mime_type: 'image/png' }), ...facts, bytes } };
}
