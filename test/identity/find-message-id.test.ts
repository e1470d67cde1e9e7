import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { findMessageId, sameMessage } from 'wa-coexist';
import { wamid } from './person-webhooks.js';

const peers = ['5511987654321', '551187654321', 'BR.1001', '15550100777', 'US.1002'];
const wamids = fc.tuple(fc.constantFrom(...peers), fc.constantFrom('TOKEN.001', 'TOKEN.002')).map(([peer, token]) => wamid(peer, token));

test('several spellings of one message are one match, and the first is found', () => {
  const [long, short, user] = [wamid('5511987654321', 'T'), wamid('551187654321', 'T'), wamid('BR.1001', 'T')];
  expect(findMessageId(user, [wamid('5511987654321', 'OTHER'), short, long])).toBe(short);
  expect(findMessageId(wamid('+551187654321', 'T'), [long, user, short])).toBe(long);
});

test('messages of two people, or of a person with two user IDs, are not merged on a guess', () => {
  const [number, other, user, otherUser] = ['15550100987', '15550100777', 'US.1', 'US.2'].map((peer) => wamid(peer, 'T'));
  expect(findMessageId(user ?? '', [number ?? '', other ?? ''])).toBeUndefined();
  expect(findMessageId(wamid('+15550100987', 'T'), [user ?? '', otherUser ?? ''])).toBeUndefined();
  expect(findMessageId(wamid('+15550100987', 'T'), [number ?? '', user ?? '', otherUser ?? ''])).toBeUndefined();
});

test('a match contains the same token, and every other candidate with the token is the same message', () => {
  fc.assert(
    fc.property(wamids, fc.array(wamids, { maxLength: 5 }), (messageId, candidates) => {
      const found = findMessageId(messageId, candidates);
      if (candidates.includes(messageId)) {
        expect(found).toBe(messageId);
        return;
      }
      const token = (id: string): string => atob(id.slice(6)).slice(-10, -1);
      const matches = candidates.filter((id) => token(id) === token(messageId));
      const isOne = matches.every((one) => matches.every((other) => sameMessage(one, other)));
      expect(found).toBe(isOne ? matches[0] : undefined);
    }),
  );
});
