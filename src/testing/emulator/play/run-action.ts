import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import { digitsOf } from '../../fake/digits.js';
import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';
import type { FakeCompanion } from '../../fake/fake-phone.js';
import type { Receiver } from '../receiver.js';
import type { EmulatorAction, SignupResult } from '../view.js';
import { readContent } from './action-content.js';
import type { Campaigns } from './page-campaigns.js';
import type { PageFaults } from './faults.js';
import { postSignup } from './post-signup.js';
import type { Scenarios } from './scenarios.js';
import { triggerEvent } from './trigger-event.js';

/** What an action acts on. */
export interface ActionTargets {
  readonly fake: FakeCloudApi;
  readonly receiver: Receiver;
  readonly campaigns: Campaigns;
  readonly faults: PageFaults;
  readonly scenarios: Scenarios;
  /** Advances the clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** Sends a message as a program does, and returns the response. */
  readonly send: (number: string, message: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

type ActionName = EmulatorAction['do'];
type Handlers = { readonly [Name in ActionName]: (action: Extract<EmulatorAction, { do: Name }>) => unknown };

const minuteMs = 60_000;
const dayMs = 86_400_000;
const maxDays = 400;
const maxMessages = 5_000;

/** Runs an action that the page or another client posted as JSON. @throws `Error` with a readable text if it fails. */
export function runAction(targets: ActionTargets, action: unknown): unknown {
  const handlers: Handlers = { ...phoneActions(targets), ...customerActions(targets), ...metaActions(targets), ...toolActions(targets) };
  if (!isRecord(action) || typeof action.do !== 'string' || !Object.hasOwn(handlers, action.do)) {
    throw new Error(`There is no such action. There are: ${Object.keys(handlers).join(', ')}.`);
  }
  if (needsNumber(action.do) && typeof action.number !== 'string') {
    const { numbers } = targets.fake;
    const known = numbers.map(({ phoneNumberId, verifiedName }) => `${phoneNumberId} (${verifiedName})`);
    throw new Error(`${action.do} needs "number", the id of a phone number: ${known.join(', ')}.`);
  }
  // The name was looked up. Members of another type end in an error of the fake, and this is a tool on the caller's own machine.
  const handler = handlers[action.do as ActionName] as (action: unknown) => unknown;
  return handler(action);
}

function phoneActions({ fake }: ActionTargets) {
  return {
    'phone.send': ({ number, customer, text, content, from }) =>
      fake.phone(number).send(digits(customer), readContent(text, content), from === undefined ? {} : { from: companionOf(from) }),
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
  } satisfies Partial<Handlers>;
}

function customerActions({ fake }: ActionTargets) {
  return {
    'customer.add': ({ customer, name }) => fake.customer(digits(customer), { name }).waId,
    'customer.send': ({ number, customer, text, content, replyTo }) =>
      fake.customer(digits(customer)).send(number, readContent(text, content), { replyTo }),
    'customer.edit': ({ customer, message, text }) => fake.customer(digits(customer)).edit(message, text),
    'customer.delete': ({ customer, message }) => fake.customer(digits(customer)).delete(message),
    'customer.read': ({ customer }) => {
      fake.customer(digits(customer)).read();
    },
    'customer.play': ({ customer, message }) => {
      fake.customer(digits(customer)).play(message);
    },
  } satisfies Partial<Handlers>;
}

function metaActions({ fake, send }: ActionTargets) {
  return {
    'api.send': ({ number, message }) => {
      if (!isRecord(message)) throw new Error('"message" must be the body of a message, in Meta\'s shape.');
      return send(number, message);
    },
    signup: async ({ number, shareHistory, postTo }): Promise<SignupResult> => {
      const signup = fake.signup(number);
      if (!shareHistory) fake.phone(number).declineHistory();
      const { code, sessionEvent } = signup;
      const posted = postTo === undefined || postTo === '' ? undefined : await postSignup(signup, postTo);
      return { code, sessionEvent: { ...sessionEvent }, ...(posted && { posted }) };
    },
    'webhook.trigger': ({ number, event }) => triggerEvent(fake, number, event),
    'template.approve': ({ template }) => {
      fake.template(template).approve();
    },
    'template.reject': ({ template }) => {
      fake.template(template).reject();
    },
    'template.pause': ({ template }) => {
      fake.template(template).pause();
    },
  } satisfies Partial<Handlers>;
}

function toolActions(targets: ActionTargets) {
  const { fake, receiver, campaigns, faults, scenarios, advance } = targets;
  return {
    'clock.advance': ({ days = 0, minutes = 0 }) => {
      const ms = days * dayMs + minutes * minuteMs;
      if (!(ms > 0 && ms <= maxDays * dayMs)) throw new Error(`The clock can be advanced by up to ${String(maxDays)} days.`);
      return advance(ms);
    },
    'receiver.set': ({ url }) => {
      receiver.set(url);
    },
    'campaign.send': ({ number, messages }) => {
      if (!(Number.isInteger(messages) && messages > 0 && messages <= maxMessages))
        throw new Error(`A campaign has 1 to ${String(maxMessages)} messages.`);
      campaigns.start(number, messages);
    },
    'delivery.resend': ({ delivery, body }) => {
      if (body !== undefined && !isJson(body)) throw new InvalidArgumentError('delivery.resend', 'body', 'is no JSON');
      return { delivery: fake.redeliver(delivery, body).id };
    },
    'fault.add': ({ fault }) => {
      faults.add(fault);
    },
    'fault.clear': () => {
      faults.clear();
    },
    'scenario.save': ({ name, steps }) => {
      scenarios.save(name, steps);
    },
    'scenario.delete': ({ name }) => {
      scenarios.remove(name);
    },
    'scenario.run': async ({ name, number, customer }) => {
      for (const step of scenarios.steps(name, { number, customer })) {
        // A scenario that contains itself would never end.
        if (isRecord(step) && step.do === 'scenario.run') throw new Error('A scenario cannot run another one.');
        await runAction(targets, step);
      }
    },
  } satisfies Partial<Handlers>;
}

function needsNumber(name: string): boolean {
  return (
    name.startsWith('phone.') || ['customer.send', 'api.send', 'campaign.send', 'signup', 'webhook.trigger', 'scenario.run'].includes(name)
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
