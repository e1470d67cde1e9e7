import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { mediaTypeProblem } from '../policy/media-types.js';

/** The first page of an Ogg file with Opus contains this text at byte 28. Source: RFC 7845 (2016). */
const opusHead = 'OpusHead';

/**
 * Returns a file with the type that Meta accepts. An Ogg file without a codec in its type gets `codecs=opus` if its bytes say so.
 *
 * @throws `InvalidArgumentError` for a type that Meta rejects after the send (131053).
 */
export async function checkedMediaFile(action: string, file: File, day: string): Promise<File> {
  const isBareOgg = file.type === 'audio/ogg' && (await file.slice(28, 28 + opusHead.length).text()) === opusHead;
  const checked = isBareOgg ? new File([file], file.name, { type: 'audio/ogg; codecs=opus' }) : file;
  const problem = mediaTypeProblem(checked.type, day);
  if (problem !== undefined) throw new InvalidArgumentError(action, 'type', problem);
  return checked;
}
