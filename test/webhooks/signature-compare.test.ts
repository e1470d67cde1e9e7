import type * as Crypto from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { verifySignature } from 'wa-coexist/webhooks';

const compared = vi.hoisted(() => ({ times: 0 }));
vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof Crypto>();
  return {
    ...crypto,
    timingSafeEqual: (one: Uint8Array, other: Uint8Array) => {
      compared.times += 1;
      return crypto.timingSafeEqual(one, other);
    },
  };
});

test.each([[null], [''], ['sha256=0'], ['nonsense'], [`sha256=${'0'.repeat(64)}`], ['é'.repeat(71)]])(
  'every secret is compared in constant time for the header %j',
  (header) => {
    compared.times = 0;
    verifySignature(new Uint8Array(3), header, ['one', 'two', 'three']);
    expect(compared.times).toBe(3);
  },
);
