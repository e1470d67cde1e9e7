import { describeMediaKind, type MediaKind } from './media-kinds.js';
import { ruleOn, type PolicyRule } from './rule.js';

/** Whether Meta accepts files of a MIME type for messages. */
export interface MediaTypeFacts {
  readonly accepted: boolean;
  /** The codec that the type must contain. */
  readonly codec?: string;
  /** How to make the file acceptable. */
  readonly remedy?: string;
}

const source = 'Meta, Media (2 Dec 2025)';
const takes = (...types: readonly string[]): readonly (readonly [string, readonly PolicyRule<MediaTypeFacts>[]])[] =>
  types.map((type) => [type, [{ value: { accepted: true }, source }]]);
const toOgg = 'convert it to Ogg with the Opus codec, and pass the type "audio/ogg; codecs=opus"';
const rejects = (type: string, remedy: string): readonly [string, readonly PolicyRule<MediaTypeFacts>[]] => [
  type,
  [{ value: { accepted: false, remedy }, source, note: 'Not in the list. Users report 131053 after the send.' }],
];

/** All MIME types with their history, oldest first. Other types aren't accepted. */
const mediaTypeRules: ReadonlyMap<string, readonly PolicyRule<MediaTypeFacts>[]> = new Map([
  ...takes('audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4'),
  [
    'audio/ogg',
    [
      {
        value: { accepted: true, codec: 'opus', remedy: toOgg },
        source,
        note: 'Opus only, mono. The base type audio/ogg is not supported.',
      },
    ],
  ],
  ...takes('text/plain', 'application/pdf', 'application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'),
  ...takes(
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ),
  ...takes('image/jpeg', 'image/png', 'image/webp', 'video/mp4', 'video/3gpp'),
  rejects('audio/opus', toOgg),
  rejects('audio/webm', toOgg),
  rejects('audio/wav', toOgg),
  rejects('audio/x-wav', toOgg),
  rejects('audio/x-m4a', 'pass the type audio/mp4'),
  rejects('audio/mp3', 'pass the type audio/mpeg'),
  rejects('image/jpg', 'pass the type image/jpeg'),
  rejects('image/heic', 'convert it to image/jpeg'),
  rejects('image/heif', 'convert it to image/jpeg'),
  rejects('image/avif', 'convert it to image/jpeg'),
  rejects('image/svg+xml', 'convert it to image/png'),
  rejects('image/gif', 'convert it to video/mp4, or to image/png for a still image'),
  rejects('video/quicktime', 'convert it to video/mp4 (H.264 and AAC)'),
  rejects('video/webm', 'convert it to video/mp4 (H.264 and AAC)'),
]);

/**
 * Returns the reason why Meta doesn't accept files of a MIME type for messages on a given day.
 *
 * @param mimeType - The MIME type, optionally with a codec.
 * @param day - The day, as an ISO date.
 * @returns the problem and its remedy, or `undefined` for an accepted type
 */
export function mediaTypeProblem(mimeType: string, day: string): string | undefined {
  const [essence = '', ...parameters] = mimeType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const facts = ruleOn(mediaTypeRules.get(essence) ?? [], day)?.value;
  if (!facts?.accepted) {
    const remedy = facts?.remedy === undefined ? '' : `${facts.remedy}. `;
    return `is ${essence}, which Meta doesn't accept for messages: ${remedy}Meta accepts ${acceptedLike(essence, day)}`;
  }
  const codecs = parameters
    .map((part) => part.split('=', 2))
    .find(([name = '']) => name.trim() === 'codecs')?.[1]
    ?.replace(/^\s*"|"$/g, '')
    .trim();
  if (facts.codec === undefined || codecs === facts.codec) return undefined;
  return `is ${essence} ${codecs === undefined ? 'without a codec' : `with the codec ${codecs}`}, but Meta accepts only ${facts.codec}: ${facts.remedy ?? ''}`;
}

/** The accepted files of the same kind, for example of all images. */
function acceptedLike(essence: string, day: string): string {
  const [family = ''] = essence.split('/');
  const kind: MediaKind = family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
  return `for messages with ${kind === 'audio' ? 'audio' : `${kind}s`} ${describeMediaKind(kind, day)}`;
}
