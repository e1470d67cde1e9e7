import { ruleOn, type PolicyRule } from './rule.js';

/** Kinds of messages with a file. `voice` is audio that WhatsApp shows as a voice message. */
export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'sticker' | 'document';

/** Files that Meta accepts for a kind of message. */
export interface MediaKindFacts {
  /** MIME types, without parameters. */
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** A higher limit for animated files. */
  readonly maxAnimatedBytes?: number;
}

const mib = 1024 * 1024;
const kib = 1024;
const source = 'Meta, Media (2 Dec 2025)';
const since = (facts: MediaKindFacts): readonly [PolicyRule<MediaKindFacts>] => [{ value: facts, source }];
const audio = ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'];

/** All kinds, by day, oldest first. */
const mediaKindRules: Readonly<Record<MediaKind, readonly [PolicyRule<MediaKindFacts>, ...PolicyRule<MediaKindFacts>[]]>> = {
  image: since({ types: ['image/jpeg', 'image/png'], maxBytes: 5 * mib }),
  video: since({ types: ['video/mp4', 'video/3gpp'], maxBytes: 16 * mib }),
  audio: since({ types: audio, maxBytes: 16 * mib }),
  voice: since({ types: ['audio/ogg'], maxBytes: 16 * mib }),
  sticker: since({ types: ['image/webp'], maxBytes: 100 * kib, maxAnimatedBytes: 500 * kib }),
  document: since({
    types: [
      'text/plain',
      'application/pdf',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
    maxBytes: 100 * mib,
  }),
};

/**
 * Returns the files that Meta accepts for a kind of message on a day.
 *
 * @param kind - The kind.
 * @param day - The day, as an ISO date.
 */
export function mediaKindFacts(kind: MediaKind, day: string): MediaKindFacts {
  const rules = mediaKindRules[kind];
  return (ruleOn(rules, day) ?? rules[0]).value;
}

/**
 * Describes the files that Meta accepts for a kind of message, for errors: `image/jpeg, image/png of at most 5 MiB`.
 *
 * @param kind - The kind.
 * @param day - The day, as an ISO date.
 */
export function describeMediaKind(kind: MediaKind, day: string): string {
  const { types, maxBytes, maxAnimatedBytes } = mediaKindFacts(kind, day);
  const animated = maxAnimatedBytes === undefined ? '' : ` (animated: ${sizeText(maxAnimatedBytes)})`;
  return `${types.join(', ')} of at most ${sizeText(maxBytes)}${animated}`;
}

/**
 * Returns the kind of message that fits a MIME type best.
 *
 * @param mimeType - The MIME type, without parameters.
 * @param day - The day, as an ISO date.
 */
export function kindOfMediaType(mimeType: string, day: string): MediaKind | undefined {
  const kinds: readonly MediaKind[] = ['image', 'video', 'audio', 'sticker', 'document'];
  return kinds.find((kind) => mediaKindFacts(kind, day).types.includes(mimeType));
}

function sizeText(bytes: number): string {
  return bytes >= mib ? `${String(bytes / mib)} MiB` : `${String(bytes / kib)} KiB`;
}
