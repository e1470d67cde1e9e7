import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { mediaTypeProblem } from '../policy/media-types.js';

/** Text at byte 28 of the first page of an Ogg file with Opus. Source: RFC 7845 (2016). */
const opusHead = 'OpusHead';

/**
 * Checks the caller's type before it reads the file. An `audio/ogg` without a codec passes, because the bytes decide
 * about it.
 *
 * @throws `InvalidArgumentError` for a type that Meta rejects after the send (131053).
 */
export function checkGivenMediaType(action: string, type: string | undefined, day: string): void {
  if (typeof type !== 'string' || ['', 'audio/ogg'].includes(type.toLowerCase())) return;
  checkMediaType(action, type, day);
}

/**
 * Returns a file with a type that Meta accepts. Rejects an empty file. An Ogg file without a codec in its type gets
 * `codecs=opus` if it contains Opus.
 *
 * @throws `InvalidArgumentError` for an empty file, and for a type that Meta rejects after the send (131053).
 */
export async function checkedMediaFile(action: string, file: File, day: string): Promise<File> {
  const isBareOgg = file.type === 'audio/ogg' && (await file.slice(28, 28 + opusHead.length).text()) === opusHead;
  const checked = isBareOgg ? new File([file], file.name, { type: 'audio/ogg; codecs=opus' }) : file;
  checkMediaType(action, checked.type, day);
  if (checked.size === 0) throw new InvalidArgumentError(action, 'file', 'is empty');
  return checked;
}

function checkMediaType(action: string, type: string, day: string): void {
  const problem = mediaTypeProblem(type, day);
  if (problem !== undefined) throw new InvalidArgumentError(action, 'type', problem);
}
