import { isRecord } from '../../runtime/json.js';
import { digitsOf } from '../fake/digits.js';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import type { FakeCompanion } from '../fake/fake-phone.js';
import type { Campaigns } from './campaigns.js';
import type { Receiver } from './receiver.js';
import type { EmulatorAction } from './view.js';

/** What an action acts on. */
export interface ActionTargets {
  readonly fake: FakeCloudApi;
  readonly receiver: Receiver;
  readonly campaigns: Campaigns;
  /** Puts the clock ahead. */
  readonly advance: (ms: number) => Promise<void>;
}

type ActionName = EmulatorAction['do'];
type Handlers = { readonly [Name in ActionName]: (action: Extract<EmulatorAction, { do: Name }>) => unknown };

const dayMs = 86_400_000;
const mostDays = 400;
const mostMessages = 5_000;

/** Runs an action that the page or another client posted as JSON. @throws `Error` with a readable text if it fails. */
export function runAction(targets: ActionTargets, action: unknown): unknown {
  const { fake, receiver, campaigns, advance } = targets;
  const handlers: Handlers = {
    'phone.send': ({ number, customer, text, from }) =>
      fake.phone(number).send(digits(customer), text, from === undefined ? {} : { from: companionOf(from) }),
    'phone.edit': ({ number, message, text }) => fake.phone(number).edit(message, text),
    'phone.delete': ({ number, message }) => fake.phone(number).delete(message),
    'phone.add-contact': ({ number, customer, name }) => {
      fake.phone(number).addContact({ waId: digits(customer), fullName: name });
    },
    'phone.remove-contact': ({ number, customer }) => {
      fake.phone(number).removeContact(digits(customer));
    },
    'phone.link-companion': ({ number, companion }) => {
      fake.phone(number).linkCompanion(companionOf(companion));
    },
    'phone.open-app': ({ number }) => {
      fake.phone(number).openApp();
    },
    'phone.disconnect': ({ number }) => {
      fake.phone(number).disconnect();
    },
    'phone.change-device': ({ number }) => {
      fake.phone(number).changeDevice();
    },
    'customer.add': ({ customer, name }) => fake.customer(digits(customer), { name }).waId,
    'customer.send': ({ number, customer, text }) => fake.customer(digits(customer)).send(number, text),
    'customer.edit': ({ customer, message, text }) => fake.customer(digits(customer)).edit(message, text),
    'customer.delete': ({ customer, message }) => fake.customer(digits(customer)).delete(message),
    'customer.read': ({ customer }) => {
      fake.customer(digits(customer)).read();
    },
    'clock.advance': ({ days }) => {
      if (!(days > 0 && days <= mostDays)) throw new Error(`The clock can be put ahead by up to ${String(mostDays)} days.`);
      return advance(days * dayMs);
    },
    'receiver.set': ({ url }) => {
      receiver.set(url);
    },
    'campaign.send': ({ number, messages }) => {
      if (!(Number.isInteger(messages) && messages > 0 && messages <= mostMessages))
        throw new Error(`A campaign has 1 to ${String(mostMessages)} messages.`);
      campaigns.start(number, messages);
    },
    signup: ({ number, shareHistory }) => {
      const signup = fake.signup(number);
      if (!shareHistory) fake.phone(number).declineHistory();
      return signup;
    },
  };
  if (!isRecord(action) || typeof action.do !== 'string' || !Object.hasOwn(handlers, action.do)) {
    throw new Error(`There is no such action. There are: ${Object.keys(handlers).join(', ')}.`);
  }
  if (isOfNumber(action.do) && typeof action.number !== 'string') {
    throw new Error(
      `${action.do} needs "number", the id of a phone number: ${fake.numbers.map(({ phoneNumberId, verifiedName }) => `${phoneNumberId} (${verifiedName})`).join(', ')}.`,
    );
  }
  // The name was looked up. Members of another type end in an error of the fake, and this is a tool on the caller's own machine.
  const handler = handlers[action.do as ActionName] as (action: unknown) => unknown;
  return handler(action);
}

function isOfNumber(name: string): boolean {
  return name.startsWith('phone.') || ['customer.send', 'campaign.send', 'signup'].includes(name);
}

function digits(number: unknown): string {
  const found = digitsOf(String(number));
  if (found === '') throw new Error('A number has digits.');
  return found;
}

const companions: readonly FakeCompanion[] = ['web', 'mac', 'second-phone', 'windows', 'wearos'];

function companionOf(name: string): FakeCompanion {
  const companion = companions.find((known) => known === name);
  if (!companion) throw new Error(`There is no device ${JSON.stringify(name)}. There are: ${companions.join(', ')}.`);
  return companion;
}
