import fc from '../../fast-check.js';
import { afterAll, describe, expect, test } from 'vitest';
import { messageToken } from 'wa-coexist';
import { type ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror, type MirroredMessage, type SqliteMirror } from 'wa-coexist/sqlite';
import { chooseRuns } from '../../long-runs.js';
import { collect } from '../collect.js';
import { draw, drawnEvents, linked, type Draw } from './draws.js';

const numRuns = chooseRuns(2_000, 150);

let numbers = 0;
async function fedAlone(mirror: SqliteMirror, events: readonly ConversationEvent[], size: number): Promise<string> {
  const number = `3399001122${String((numbers += 1)).padStart(8, '0')}`;
  for (let from = 0; from < events.length; from += size) {
    await mirror.handle(events.slice(from, from + size).map((event) => ({ ...event, phoneNumberId: number })));
  }
  return number;
}
function withoutNumber(value: unknown, number: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(number, 'number'));
}
async function dump(mirror: SqliteMirror, number: string): Promise<unknown> {
  const { items } = await mirror.threads(number);
  const messages = await collect(mirror.stream(number));
  const edits = await Promise.all(messages.map(({ messageId }) => mirror.edits(number, messageId)));
  return withoutNumber({ items, messages, edits }, number);
}

/**
 * Returns the messages of each conversation without their reactions and edits. A recycled number divides a
 * conversation, and its copies of one message then belong to different people. A reaction or an edit that names its
 * person by the recycled number, but its message by the wamid of the other copy, belongs to the conversation that the
 * mirror knew when it arrived. It can therefore be at either copy, depending on the order. A later test checks that it
 * isn't lost.
 */
async function messagesIn(mirror: SqliteMirror, number: string): Promise<unknown> {
  const messages = await collect(mirror.stream(number));
  return withoutNumber(
    messages.map((message) => {
      const { reactions: _reactions, text: _text, content: _content, original: _original, editedAt: _editedAt, ...rest } = message;
      return { ...rest, written: writtenIn(message) };
    }),
    number,
  );
}

const statusRanks: Readonly<Record<string, number>> = { sent: 1, delivered: 2, read: 3 };
const rankOf = ({ status: word }: MirroredMessage): number => statusRanks[word ?? ''] ?? 0;
const writtenIn = ({ original, content }: MirroredMessage): unknown => {
  const first = original ?? content;
  return first?.type === 'text' ? first.text : undefined;
};

const mirrors = { joined: sqliteMirror(':memory:'), exact: sqliteMirror(':memory:') };
afterAll(async () => {
  await mirrors.joined.close();
  await mirrors.exact.close();
});

const drawOf = (kind: Draw['kind'], changes: Partial<Draw> = {}): Draw => ({
  ...{ kind, person: 1, token: 0, target: 0, spelling: 0, targetSpelling: 0, isOutbound: false, naming: 0, choice: 0 },
  ...changes,
});
/** The quote names its person only by the recycled number, so it is in the new owner's conversation, and the quoted message is not. */
const quoteOfNewOwner: readonly Draw[] = [
  drawOf('recycled'),
  drawOf('status'),
  drawOf('quote', { isOutbound: true, naming: 1 }),
  drawOf('message'),
  drawOf('link'),
];
const quoteLast: readonly Draw[] = [3, 1, 0, 4, 2].flatMap((index) => quoteOfNewOwner[index] ?? []);

describe('a mirror that merges wamids', () => {
  const anyOrder = (drawn: fc.Arbitrary<Draw>) =>
    fc
      .array(drawn, { maxLength: 14 })
      .map((draws) => [...draws, ...linked])
      .chain((draws) =>
        fc.tuple(fc.constant(draws), fc.shuffledSubarray(draws, { minLength: draws.length }), fc.integer({ min: 1, max: 8 })),
      );

  test('leaves the same conversations after any order', { timeout: 3_600_000 }, async () => {
    const { joined } = mirrors;
    await fc.assert(
      fc.asyncProperty(anyOrder(draw.filter(({ kind }) => kind !== 'recycled')), async ([draws, shuffled, size]) => {
        const one = await fedAlone(joined, drawnEvents(draws, String), 1);
        const other = await fedAlone(joined, drawnEvents(shuffled, String), size);
        expect(await dump(joined, other)).toEqual(await dump(joined, one));
      }),
      { numRuns },
    );
  });

  test('leaves the same messages after any order if numbers are recycled', { timeout: 3_600_000 }, async () => {
    const { joined } = mirrors;
    await fc.assert(
      fc.asyncProperty(anyOrder(draw), async ([draws, shuffled, size]) => {
        const one = await fedAlone(joined, drawnEvents(draws, String), 1);
        const other = await fedAlone(joined, drawnEvents(shuffled, String), size);
        expect(await messagesIn(joined, other)).toEqual(await messagesIn(joined, one));
      }),
      { numRuns, examples: [[[[...quoteOfNewOwner], [...quoteLast], 1]]] },
    );
  });

  test('contains everything that a mirror without merging contains', { timeout: 3_600_000 }, async () => {
    const { joined, exact } = mirrors;
    await fc.assert(
      fc.asyncProperty(fc.array(draw, { maxLength: 24 }), fc.integer({ min: 1, max: 8 }), async (draws, size) => {
        const opaque = new Map<string, string>();
        const events = drawnEvents(draws, (spelled) => {
          opaque.set(spelled, `wamid.opaque${spelled.slice(6)}`);
          return spelled;
        });
        const number = await fedAlone(joined, events, size);
        const plain = await fedAlone(
          exact,
          drawnEvents(draws, (spelled) => `wamid.opaque${spelled.slice(6)}`),
          size,
        );
        const threads = new Map<string, string[]>();
        for (const [spelled, id] of opaque) {
          const expected = await exact.message(plain, id);
          if (!expected) continue;
          const found = await joined.message(number, spelled);
          expect(found).toBeDefined();
          if (!found) continue;
          expect(found.threadId).toBe(expected.threadId);
          if (expected.type !== undefined) expect(writtenIn(found)).toEqual(writtenIn(expected));
          if (expected.media) expect(found.media).toEqual(expected.media);
          expect(rankOf(found)).toBeGreaterThanOrEqual(rankOf(expected));
          if (expected.revokedAt) expect(found.revokedAt?.getTime()).toBeGreaterThanOrEqual(expected.revokedAt.getTime());
          // In a divided conversation, events about a message may be at its other copy.
          const copies = [...opaque.keys()].filter((other) => messageToken(other) === messageToken(spelled));
          const ofCopies = await Promise.all(
            copies.map(async (copy) => [await joined.message(number, copy), await joined.edits(number, copy)] as const),
          );
          const reactors = ofCopies.flatMap(([copy]) => copy?.reactions.map(({ reactor }) => reactor));
          for (const { reactor } of expected.reactions) expect(reactors).toContain(reactor);
          const edits = ofCopies.flatMap(([, ofCopy]) => ofCopy.map(({ text }) => text));
          for (const { text } of await exact.edits(plain, id)) expect(edits).toContain(text);
          if (expected.answers) expect(messageToken(found.answers ?? '')).toBe(messageToken(expected.answers.replace('opaque', '')));
          if (found.threadId !== undefined && expected.type !== 'reaction') {
            if (!threads.has(found.threadId)) {
              threads.set(
                found.threadId,
                (await collect(joined.stream(number, found.threadId))).map(({ messageId }) => messageId),
              );
            }
            expect(threads.get(found.threadId)).toContain(found.messageId);
          }
        }
      }),
      { numRuns },
    );
  });
});
