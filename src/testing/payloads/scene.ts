import { systemClock } from '../../runtime/clock.js';
import type { Customer } from '../../webhooks/events/base.js';
import { createIds } from '../fake/ids.js';
import { writeMessageId } from '../fake/message-ids.js';
import { contactEntry, head, type Change, type NumberFacts, type PersonFacts, type WebhookValue } from '../fake/webhook-values.js';
import { timestamp } from '../fake/chats.js';
import type { CustomerPayloadPlace } from './place.js';

/** Who and when of one payload, with everything that was not said made up. */
export interface Scene {
  readonly wabaId: string;
  readonly number: NumberFacts;
  readonly person: PersonFacts;
  readonly atMs: number;
  /** The same time in Unix seconds, as Meta writes it in items. */
  readonly timestamp: string;
}

/** The customer of payloads that name none. */
const mara: Customer = { waId: '15550100987', name: 'Mara' };
const userIdSeed = 1;

/** The person with the ids of a customer. */
export function personFactsOf({ waId, userId, parentUserId, username, name }: Customer = mara): PersonFacts {
  const id = waId ?? userId ?? parentUserId ?? username ?? '';
  return {
    waId: waId ?? '',
    hidesNumber: waId === undefined,
    userId: userId ?? createIds(userIdSeed).userId(id),
    ...(parentUserId !== undefined && { parentUserId }),
    username,
    name: name ?? `Customer ${id.slice(-4)}`,
  };
}

/** Sets the scene. */
export function sceneOf(place: CustomerPayloadPlace): Scene {
  const atMs = place.occurredAt?.getTime() ?? systemClock.now();
  return {
    wabaId: place.wabaId ?? '211987650043210',
    number: { id: place.phoneNumberId ?? '339900112233445', waId: place.displayPhoneNumber ?? '15550100123' },
    person: personFactsOf(place.customer),
    atMs,
    timestamp: timestamp(atMs),
  };
}

/** A wamid that no other payload has: two payloads with the same one would be taken for duplicates. It names the person as the payload does. */
export function wamid({ hidesNumber, waId, userId }: PersonFacts, sender: 'customer' | 'app' | 'api'): string {
  const token = crypto.randomUUID().replaceAll('-', '').toUpperCase().slice(0, 20);
  return hidesNumber ? writeMessageId('userId', userId, sender, token) : writeMessageId('number', waId, sender, token);
}

/** A change. Meta adds a time to every field except `messages`. */
export function changeOf({ wabaId, atMs }: Scene, field: string, value: WebhookValue, entryId: string = wabaId): Change {
  return { entryId, field, value, ...(field !== 'messages' && { time: Math.floor(atMs / 1000) }) };
}

/** A change of a field whose values name the number. */
export function numberChange(scene: Scene, field: string, value: WebhookValue): Change {
  return changeOf(scene, field, { ...head(scene.number), ...value });
}

/** A change of a field whose values name the number and the person. */
export function customerChange(scene: Scene, field: string, value: WebhookValue): Change {
  return numberChange(scene, field, { contacts: [contactEntry(scene.person)], ...value });
}
