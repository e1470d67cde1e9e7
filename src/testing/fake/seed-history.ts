import { contentOf } from './content.js';
import type { FakeContent } from './fake-content.js';
import type { FakeHistory, FakeHistoryOptions } from './fake-phone.js';
import { filesOf } from './files.js';
import { newMessageId } from './message-ids.js';
import { createRandom, type Random } from './random.js';
import { remember } from './chats.js';
import type { BusinessNumber, ChatMessage } from './entities.js';
import { personOf } from './people.js';
import type { World } from './world.js';

const dayMs = 24 * 60 * 60 * 1_000;

/** Fills the address book and the chats of a number. The same options give the same people and messages. */
export function seedHistory(world: World, number: BusinessNumber, options: FakeHistoryOptions = {}): FakeHistory {
  const { contacts = 40, threads = 60, messages = 6_000, days = 180, mediaShare = 0.12, seed = world.seed } = options;
  const random = createRandom(seed, 'history');
  const waIds = Array.from({ length: Math.max(threads, contacts) }, (_, index) => `1555020${String(index).padStart(4, '0')}`);
  for (const [index, waId] of waIds.entries()) {
    const fullName = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    const person = personOf(world, waId);
    person.name = fullName;
    // One in twelve has a username.
    if (random.integer(12) === 0) person.username = `${fullName.toLowerCase().replace(/[^a-z]+/g, '.')}.${String(index)}`;
    if (index < contacts) number.contacts.set(waId, { waId, fullName, changedAtMs: world.now() - random.integer(days * dayMs) });
  }
  const made = makeMessages(world, number, random, { waIds: waIds.slice(0, threads), messages, days, mediaShare });
  made.sort((one, other) => one.atMs - other.atMs);
  for (const message of made) remember(world, number, message);
  return { contacts, threads, messages: made.length, media: made.filter(({ content }) => content.type in files).length };
}

function makeMessages(
  world: World,
  number: BusinessNumber,
  random: Random,
  plan: { readonly waIds: readonly string[]; readonly messages: number; readonly days: number; readonly mediaShare: number },
): ChatMessage[] {
  const { waIds, days } = plan;
  if (waIds.length === 0) return [];
  const nowMs = world.now();
  const newFile = filesOf(world, number.id);
  return Array.from({ length: plan.messages }, (_, index) => {
    // Every chat gets a message first; then some chats are much livelier than others.
    const chat = index < waIds.length ? index : Math.floor(random.next() ** 2 * waIds.length);
    const customerWaId = waIds[chat] ?? '';
    const sender = random.next() < 0.55 ? 'customer' : 'app';
    return {
      ...newMessageId(world, personOf(world, customerWaId), sender),
      phoneNumberId: number.id,
      customerWaId,
      sender,
      // At least a minute, so that no message is in the future if the onboarding follows immediately.
      atMs: nowMs - 60_000 - Math.floor(random.next() * (days * dayMs - 120_000)),
      content: contentOf(random.next() < plan.mediaShare ? makeFile(random) : makeContent(random, sender), newFile),
      status: sender === 'customer' ? 'READ' : random.pick(['READ', 'READ', 'READ', 'DELIVERED', 'SENT', 'PLAYED']),
      deleted: false,
      era: 0,
    };
  });
}

function makeContent(random: Random, sender: 'customer' | 'app'): FakeContent {
  if (random.integer(50) === 0)
    return { type: 'location', location: { latitude: 52.52 + random.next() / 10, longitude: 13.4 + random.next() / 10 } };
  return random.pick(sender === 'customer' ? customerTexts : businessTexts);
}

const files = { image: undefined, video: undefined, audio: undefined, document: undefined } as const;

function makeFile(random: Random): FakeContent {
  const type = random.pick(['image', 'image', 'image', 'video', 'audio', 'document']);
  const more: Readonly<Record<string, object>> = {
    image: random.integer(2) === 0 ? { caption: random.pick(captions) } : {},
    audio: { voice: true },
    document: { filename: `order-${String(random.integer(9_000) + 1_000)}.pdf` },
  };
  return { type, [type]: more[type] ?? {} };
}

const firstNames = [
  'Mara',
  'Jonas',
  'Aylin',
  'Tomás',
  'Priya',
  'Noah',
  'Zoë',
  'Emeka',
  'Hana',
  'Luca',
  'Ingrid',
  'Rafael',
  'Mei',
  'Omar',
  'Sofía',
] as const;
const lastNames = [
  'Lindqvist',
  'Okafor',
  'Demir',
  'García',
  'Nair',
  'Keller',
  'Novák',
  'Silva',
  'Tanaka',
  'Haddad',
  'Björk',
  'Moreau',
  'Walsh',
] as const;
const customerTexts = [
  'Good morning! Do you still have rye bread?',
  'Can I pick it up at five?',
  'Thank you 🙏',
  'How much is the large cake?',
  'Könnt ihr auch liefern?',
  '¿Abren mañana?',
  'Two loaves and six rolls, please',
  'Is there anything without nuts?',
  'I am in front of the shop',
  'See you tomorrow 😊',
  'Great, that works',
  'https://maps.example/route/home',
] as const;
const businessTexts = [
  'Yes, fresh from the oven',
  'Your order is ready',
  'We open at seven',
  'Natürlich, bis gleich!',
  'Sí, hasta las seis',
  'That would be 24.50',
  'We keep it for you until six 👍',
  'Sorry, sold out for today',
  'Thank you for your order',
  'The driver is on the way 🚲',
] as const;
const captions = ['Front window', 'Like this one?', 'The blue one, please', 'Fertig! 🎂'] as const;
