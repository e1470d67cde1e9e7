import { samePhoneNumber, normalizePhoneNumber } from './phone-number-spellings.js';

/** The parts of a wamid, according to public reports. */
export interface MessageIdParts {
  /** The customer: a phone number or a user ID. It differs between the spellings of one message. */
  readonly peer: string;
  /** Identifies the message within its conversation. It is equal in all spellings. */
  readonly token: string;
}

const prefix = 'wamid.';

/**
 * Parses a wamid. Meta documents wamids as opaque. Since 2026, one message can have several wamids: the customer part
 * contains the phone number in one webhook and the user ID in another. The layout is known only from public reports. A
 * wamid with another layout returns `undefined` and is compared as text. See {@link sameMessage} to compare wamids.
 *
 * @param messageId - A wamid.
 *
 * @example
 * ```ts
 * import { parseMessageId } from 'wa-coexist';
 *
 * parseMessageId('wamid.HBgLMTU1NTAxMDA5ODcVAgASGAlUT0tFTi4wMDEA'); // { peer: '15550100987', token: 'TOKEN.001' }
 * parseMessageId('wamid.unknown'); // undefined
 * ```
 */
export function parseMessageId(messageId: string): MessageIdParts | undefined {
  if (typeof messageId !== 'string' || !messageId.startsWith(prefix) || messageId.length > 1_000) return undefined;
  const bytes = decodeBase64(messageId.slice(prefix.length));
  // 1c 18 <length> <peer> 15 <kind of peer> 00 <direction> 18 <length> <token> 00
  if (bytes?.charCodeAt(0) !== 0x1c || bytes.charCodeAt(1) !== 0x18) return undefined;
  const peer = textAt(bytes, 2);
  if (!peer || bytes.charCodeAt(peer.end) !== 0x15 || bytes.charCodeAt(peer.end + 2) !== 0x00) return undefined;
  if (bytes.charCodeAt(peer.end + 4) !== 0x18) return undefined;
  const direction = bytes.charCodeAt(peer.end + 3);
  if (direction !== 0x11 && direction !== 0x12) return undefined;
  const token = textAt(bytes, peer.end + 5);
  if (!token || token.end !== bytes.length - 1 || bytes.charCodeAt(token.end) !== 0x00) return undefined;
  return { peer: peer.text, token: token.text };
}

/**
 * Returns the token of a wamid, which is the same in all wamids of a message. Store it in an indexed column next to the
 * wamid to find quotes, reactions and statuses that contain a different wamid. It is unique only within one
 * conversation. See {@link findMessageId}.
 *
 * @param messageId - A wamid.
 * @returns `undefined` if the layout is unknown. Compare such IDs as text.
 *
 * @example
 * ```ts
 * import { messageToken } from 'wa-coexist';
 *
 * messageToken('wamid.HBgLMTU1NTAxMDA5ODcVAgASGAlUT0tFTi4wMDEA'); // 'TOKEN.001'
 * ```
 */
export function messageToken(messageId: string): string | undefined {
  return parseMessageId(messageId)?.token;
}

/**
 * Returns whether two wamids of one conversation identify the same message: they are equal, or they contain the same
 * token. If both contain the same kind of customer ID (two phone numbers or two user IDs), the customer must also be
 * equal.
 *
 * Tokens are unique only within one conversation. Compare wamids of the same customer, and use {@link findMessageId} to
 * choose between several candidates.
 *
 * @param left - A wamid.
 * @param right - A wamid of the same conversation.
 *
 * @example
 * ```ts
 * import { sameMessage } from 'wa-coexist';
 *
 * sameMessage('wamid.unknown', 'wamid.unknown'); // true
 * sameMessage('wamid.HBgLMTU1NTAxMDA5ODcVAgASGAlUT0tFTi4wMDEA', 'wamid.HBgEVVMuMRUUABIYCVRPS0VOLjAwMQA='); // true
 * ```
 */
export function sameMessage(left: string, right: string): boolean {
  if (left === right) return true;
  const [one, two] = [parseMessageId(left), parseMessageId(right)];
  if (!one || one.token !== two?.token || one.token === '') return false;
  return one.peer === two.peer || samePhoneNumber(one.peer, two.peer) || isNumber(one.peer) !== isNumber(two.peer);
}

/**
 * Finds the wamid of the same message among the wamids of one conversation: the equal one, or else the one with the
 * same token. If several candidates belong to one message, it returns the first. See {@link sameMessage} for the
 * rule.
 *
 * @param messageId - A wamid from a quote, reaction, edit, deletion or status.
 * @param candidates - The wamids of messages in the same conversation.
 * @returns `undefined` if no candidate matches, or if different messages match. It never guesses.
 *
 * @example
 * ```ts
 * import { findMessageId } from 'wa-coexist';
 *
 * const stored = ['wamid.HBgLMTU1NTAxMDA5ODcVAgASGAlUT0tFTi4wMDEA'];
 * findMessageId('wamid.HBgEVVMuMRUUABIYCVRPS0VOLjAwMQA=', stored); // the stored wamid
 * ```
 */
export function findMessageId(messageId: string, candidates: Iterable<string>): string | undefined {
  const distinct = new Set(candidates);
  if (distinct.has(messageId)) return messageId;
  const token = messageToken(messageId);
  if (token === undefined || token === '') return undefined;
  const matches = [...distinct].filter((candidate) => messageToken(candidate) === token);
  const isOne = matches.every((one, index) => matches.slice(index + 1).every((other) => sameMessage(one, other)));
  return isOne ? matches[0] : undefined;
}

function isNumber(peer: string): boolean {
  return normalizePhoneNumber(peer) !== undefined;
}

function textAt(bytes: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const length = bytes.charCodeAt(at);
  // Longer lengths take more than one byte, which no known wamid uses. Reading past the end returns `NaN`.
  if (!(length > 0 && length <= 0x7f) || at + 1 + length > bytes.length) return undefined;
  const end = at + 1 + length;
  const text = bytes.slice(at + 1, end);
  return /^[\x20-\x7e]+$/.test(text) ? { text, end } : undefined;
}

/**
 * Decodes both alphabets of base64, with and without padding, to one character per byte. It is fast because a mirror
 * calls it for each message.
 */
function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  try {
    return atob((/[-_]/.test(text) ? text.replaceAll('-', '+').replaceAll('_', '/') : text).replace(/=+$/, ''));
  } catch {
    return undefined;
  }
}
