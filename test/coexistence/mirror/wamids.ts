import { Buffer } from 'node:buffer';

/**
 * Builds a wamid in the layout of public reports: the peer, its kind, the direction, and the token.
 *
 * @param peer - A phone number or a user ID.
 */
export function spelledWamid(peer: string, token: string, isOutbound = false): string {
  const kind = /^\+?\d/.test(peer) ? 0x02 : 0x14;
  const text = (value: string): number[] => [0x18, value.length, ...Buffer.from(value)];
  return `wamid.${Buffer.from([0x1c, ...text(peer), 0x15, kind, 0x00, isOutbound ? 0x11 : 0x12, ...text(token), 0x00]).toString('base64')}`;
}
