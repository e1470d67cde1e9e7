import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { ConversationEvent } from 'wa-coexist';
import { messageToken } from 'wa-coexist';
import { sqliteMirror, type MirroredMessage, type SqliteMirror } from 'wa-coexist/sqlite';
import { collect } from '../collect.js';
import {
  chunk,
  echo,
  edit,
  imageOf,
  message,
  newUserId,
  pastMedia,
  placeholder,
  reaction,
  revoke,
  sent,
  status,
  textOf,
  type Person,
} from './script.js';
import { spelledWamid } from './wamids.js';

const longRuns = process.env['WA_COEXIST_LONG'];
const numRuns = longRuns ? Math.max(Number(longRuns) || 0, 2_000) : 150;

const people = [
  { waId: '15550100987', userId: 'US.90000000000000000001', name: 'Mara' },
  { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' },
];
const nextUserId = 'US.90000000000000000003';
/** Names a person and a message: a token, the spelling, and how the webhook names the person. */
interface Draw {
  readonly kind: (typeof kinds)[number];
  readonly person: number;
  readonly token: number;
  readonly target: number;
  readonly spelling: number;
  readonly targetSpelling: number;
  readonly isOutbound: boolean;
  readonly naming: number;
  readonly choice: number;
}
const kinds = [
  'message',
  'message',
  'echo',
  'sent',
  'status',
  'status',
  'reaction',
  'edit',
  'revoke',
  'quote',
  'history',
  'media',
  'link',
  'link',
  'moved',
  'recycled',
] as const;
const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom(...kinds),
  person: fc.nat(1),
  token: fc.nat(1),
  target: fc.nat(1),
  spelling: fc.nat(2),
  targetSpelling: fc.nat(2),
  isOutbound: fc.boolean(),
  naming: fc.nat(3),
  choice: fc.nat(1),
});

const linked: readonly Draw[] = (['link', 'link', 'moved'] as const).map((kind, person) => ({
  kind,
  person,
  token: 0,
  target: 0,
  spelling: 0,
  targetSpelling: 0,
  isOutbound: false,
  naming: 0,
  choice: 0,
}));
/** Makes events of draws, with wamids by `wamid`. */
function eventsOf(draws: readonly Draw[], wamid: (spelled: string) => string): readonly ConversationEvent[] {
  return draws.flatMap((drawn): readonly ConversationEvent[] => {
    const { kind, token, target, spelling, targetSpelling, isOutbound, naming, choice } = drawn;
    const person = people[drawn.person] ?? {};
    const lastUserId = drawn.person === 0 ? nextUserId : (person.userId ?? '');
    const peerOf = (index: number): string => [person.waId, person.userId, lastUserId][index] ?? '';
    const own = (prefix: string, outbound: boolean): string => wamid(spelledWamid(peerOf(spelling), `${prefix}${String(token)}`, outbound));
    const about = wamid(spelledWamid(peerOf(targetSpelling), `MESSAGE00${String(target)}`, isOutbound));
    const named: Person = [person, { waId: person.waId }, { userId: person.userId }, { userId: lastUserId }][naming] ?? person;
    // One wamid is about one message.
    const changed = wamid(spelledWamid(peerOf(targetSpelling), `MESSAGE00${String(token)}`, isOutbound));
    const text = textOf(`Text ${String(choice)}`);
    const write = isOutbound ? echo : message;
    switch (kind) {
      case 'message':
        return [message(named, own('MESSAGE00', false), 10 + choice, text)];
      case 'echo':
        return [echo(named, own('MESSAGE00', true), 10 + choice, text)];
      case 'sent':
        return [sent(named, own('MESSAGE00', true), 12 + choice, text)];
      case 'status':
        return [status(named, own('MESSAGE00', true), 20 + choice, choice === 0 ? 'delivered' : 'read')];
      case 'reaction':
        return [write(named, own('REACTION', isOutbound), 30 + choice, reaction(about, choice === 0 ? '👍' : '🎉'))];
      case 'edit':
        return [write(named, own('EDITED', isOutbound), 40 + token, edit(changed, textOf(`Edit ${String(token)}`)))];
      case 'revoke':
        return [write(named, own('REVOKED', isOutbound), 50 + choice, revoke(about))];
      case 'quote':
        return [message(named, own('QUOTE', false), 60, { ...textOf('Quote'), context: { id: changed } })];
      case 'history':
        return [chunk(named, [{ id: own('MESSAGE00', isOutbound), second: 10 + choice, content: text, outbound: isOutbound }], 1 + choice)];
      case 'media':
        return choice === 0
          ? [chunk(named, [{ id: own('FILE', false), second: 70, content: placeholder }], 3)]
          : [pastMedia(named, own('FILE', false), 70, imageOf('880011223344', 'Window'))];
      case 'link':
        return [message(person, wamid(spelledWamid(person.waId ?? '', 'LINK')), 5, textOf('Hi'))];
      case 'moved':
        return [newUserId(people[0]?.waId ?? '', people[0]?.userId ?? '', nextUserId, 80)];
      case 'recycled':
        return [message({ waId: person.waId, userId: 'US.90000000000000000009' }, wamid('wamid.recycled'), 90, textOf('New owner'))];
    }
  });
}

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

describe('a mirror that joins wamids', () => {
  test('leaves the same conversations after any order', { timeout: 3_600_000 }, async () => {
    const { joined } = mirrors;
    const orders = fc
      .array(draw, { maxLength: 14 })
      .map((draws) => [...draws, ...linked])
      .chain((draws) =>
        fc.tuple(fc.constant(draws), fc.shuffledSubarray(draws, { minLength: draws.length }), fc.integer({ min: 1, max: 8 })),
      );
    await fc.assert(
      fc.asyncProperty(orders, async ([draws, shuffled, size]) => {
        const one = await fedAlone(joined, eventsOf(draws, String), 1);
        const other = await fedAlone(joined, eventsOf(shuffled, String), size);
        expect(await dump(joined, other)).toEqual(await dump(joined, one));
      }),
      { numRuns },
    );
  });

  test('loses nothing that a mirror without joins contains', { timeout: 3_600_000 }, async () => {
    const { joined, exact } = mirrors;
    await fc.assert(
      fc.asyncProperty(fc.array(draw, { maxLength: 24 }), fc.integer({ min: 1, max: 8 }), async (draws, size) => {
        const opaque = new Map<string, string>();
        const events = eventsOf(draws, (spelled) => {
          opaque.set(spelled, `wamid.opaque${spelled.slice(6)}`);
          return spelled;
        });
        const number = await fedAlone(joined, events, size);
        const plain = await fedAlone(
          exact,
          eventsOf(draws, (spelled) => `wamid.opaque${spelled.slice(6)}`),
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
          // In a conversation that fell apart, what follows a message may be at the other copy of it.
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
