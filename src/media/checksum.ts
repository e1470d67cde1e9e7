import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** Computes the checksum of a file and compares it with the expected one. */
export interface Checksum {
  add(chunk: Uint8Array): void;
  isRight(): boolean;
}

/**
 * Creates a check against the SHA-256 that Meta sends: in hex with the URL of a file, in base64 in webhooks. Returns
 * `undefined` if the text is neither.
 *
 * Source: Meta, Media (2 Dec 2025).
 */
export function checksum(sha256: string): Checksum | undefined {
  if (typeof sha256 !== 'string') return undefined;
  const meant = Buffer.from(sha256, /^[0-9a-f]{64}$/i.test(sha256) ? 'hex' : 'base64');
  if (meant.length !== 32) return undefined;
  const hash = createHash('sha256');
  return {
    add(chunk) {
      hash.update(chunk);
    },
    isRight: () => hash.digest().equals(meant),
  };
}
