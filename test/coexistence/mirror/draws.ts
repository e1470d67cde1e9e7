import fc from '../../fast-check.js';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import {
  chunk,
  echo,
  edit,
  imageOf,
  message,
  newUserId,
  newUserIdOfNumber,
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

const people: readonly [Drawn, Drawn] = [
  { waId: '15550100987', userId: 'US.90000000000000000001', name: 'Mara' },
  { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' },
];
const nextUserId = 'US.90000000000000000003';
interface Drawn {
  readonly waId: string;
  readonly userId: string;
  readonly name: string;
}
/** A random choice of a person and a message: a token, the spelling, and the IDs of the person in the webhook. */
export interface Draw {
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
  'renamed',
] as const;
export const draw: fc.Arbitrary<Draw> = fc.record({
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

export const linked: readonly Draw[] = (['link', 'link', 'moved'] as const).map((kind, person) => ({
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
/** Converts draws to events, with wamids from `wamid`. */
export function drawnEvents(draws: readonly Draw[], wamid: (spelled: string) => string): readonly ConversationEvent[] {
  return draws.flatMap((drawn): readonly ConversationEvent[] => {
    const { kind, token, target, spelling, targetSpelling, isOutbound, naming, choice } = drawn;
    const person = drawn.person === 0 ? people[0] : people[1];
    const lastUserId = drawn.person === 0 ? nextUserId : person.userId;
    const peerOf = (index: number): string => [person.waId, person.userId, lastUserId][index] ?? '';
    const own = (prefix: string, outbound: boolean): string => wamid(spelledWamid(peerOf(spelling), `${prefix}${String(token)}`, outbound));
    const about = wamid(spelledWamid(peerOf(targetSpelling), `MESSAGE00${String(target)}`, isOutbound));
    const named: Person = [person, { waId: person.waId }, { userId: person.userId }, { userId: lastUserId }][naming] ?? person;
    // A wamid always belongs to the same message.
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
        return [message(person, wamid(spelledWamid(person.waId, 'LINK')), 5, textOf('Hi'))];
      case 'moved':
        return [newUserId(people[0].waId, people[0].userId, nextUserId, 80)];
      case 'recycled':
        return [message({ waId: person.waId, userId: 'US.90000000000000000009' }, wamid('wamid.recycled'), 90, textOf('New owner'))];
      case 'renamed':
        return [newUserIdOfNumber(person.waId, `US.9000000000000000001${String(drawn.person)}`, 85 + 10 * choice)];
    }
  });
}
