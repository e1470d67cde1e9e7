import { isRecord } from '../../../runtime/json.js';
import type { ScenarioView } from '../view.js';

/** A sequence of actions. `$number` and `$customer` in their values stand for the selected ones. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/** The scenarios of an emulator. */
export interface Scenarios {
  /** Saves a scenario, and replaces one with the same name. @throws `Error` if it has no name or no steps */
  save(name: unknown, steps: unknown): void;
  /** @throws `Error` if you saved no scenario with this name */
  remove(name: string): void;
  /** Returns the steps for a number and a customer. @throws `Error` if there is no such scenario */
  steps(name: string, place: { readonly number: string; readonly customer: string }): readonly unknown[];
  list(): readonly ScenarioView[];
  /** The saved scenarios. */
  readonly saved: readonly Scenario[];
}

const place = { number: '$number', customer: '$customer' };
const writes = (content: object): Readonly<Record<string, unknown>> => ({ do: 'customer.send', ...place, content });
const sends = (type: string, content: object): Readonly<Record<string, unknown>> => ({
  do: 'api.send',
  number: '$number',
  message: { to: '$customer', type, [type]: content },
});
const buttons = {
  type: 'button',
  header: { type: 'text', text: 'Your order 1042' },
  body: { text: 'Two rye breads, today at *17:00*. Is that right?' },
  footer: { text: 'Harbor Bakery' },
  action: {
    buttons: [
      { type: 'reply', reply: { id: 'confirm', title: 'Yes, confirm' } },
      { type: 'reply', reply: { id: 'change', title: 'Change time' } },
    ],
  },
};
const list = {
  type: 'list',
  body: { text: 'What would you like to order?' },
  action: {
    button: 'Open the menu',
    sections: [
      {
        title: 'Bread',
        rows: [
          { id: 'rye', title: 'Rye bread', description: '750 g, baked at six' },
          { id: 'wheat', title: 'Wheat bread', description: '500 g' },
        ],
      },
      { title: 'Pastry', rows: [{ id: 'bun', title: 'Cinnamon bun' }] },
    ],
  },
};
const link = {
  type: 'cta_url',
  body: { text: 'Follow your order on our website.' },
  action: { name: 'cta_url', parameters: { display_text: 'Open the order', url: 'https://bakery.example/orders/1042' } },
};

const builtIn: readonly Scenario[] = [
  { name: 'A first question', steps: [{ do: 'customer.send', ...place, text: 'Good morning! Do you have rye bread today?' }] },
  {
    name: 'Every type from the customer',
    steps: [
      { do: 'customer.send', ...place, text: 'Do you have *rye bread* today?' },
      writes({ type: 'image', image: { caption: 'Like this one', data: 'sample' } }),
      writes({ type: 'audio', audio: { voice: true } }),
      writes({ type: 'video', video: { caption: 'The queue outside' } }),
      writes({ type: 'document', document: { filename: 'order.pdf' } }),
      writes({ type: 'sticker', sticker: { animated: false } }),
      writes({ type: 'location', location: { latitude: 59.3293, longitude: 18.0686, name: 'Old Town', address: 'Stortorget 1' } }),
      writes({
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Jonas Weber', first_name: 'Jonas' }, phones: [{ phone: '+1 555 010 0988', type: 'CELL' }] }],
      }),
    ],
  },
  {
    name: 'Every type from the API',
    steps: [
      { do: 'customer.send', ...place, text: 'What can you send?' },
      sends('text', { body: 'Hello! *Bold*, _italic_, ~gone~ and `code`.\n- one\n- two\n> a quote' }),
      sends('image', { link: 'https://bakery.example/window.jpg', caption: 'Our window' }),
      sends('document', { link: 'https://bakery.example/menu.pdf', filename: 'menu.pdf', caption: 'The menu' }),
      sends('audio', { link: 'https://bakery.example/hello.ogg' }),
      sends('location', { latitude: 59.3293, longitude: 18.0686, name: 'Harbor Bakery', address: 'Quay 4' }),
      sends('contacts', [{ name: { formatted_name: 'Harbor Bakery', first_name: 'Harbor' }, phones: [{ phone: '+1 555 010 0123' }] }]),
      sends('interactive', buttons),
      sends('interactive', list),
      sends('interactive', link),
      sends('template', { name: 'hello_world', language: { code: 'en_US' } }),
    ],
  },
  {
    name: 'The team replies in the app',
    steps: [
      { do: 'customer.send', ...place, text: 'Can I collect my order at five?' },
      { do: 'phone.send', ...place, text: 'Yes, we close at six.' },
    ],
  },
  {
    name: 'Too many messages',
    steps: [
      { do: 'fault.add', fault: 'storm' },
      { do: 'campaign.send', number: '$number', messages: 30 },
    ],
  },
];

const maxSteps = 200;

/** Creates the scenarios, with those of an earlier run. */
export function createScenarios(savedBefore: readonly Scenario[]): Scenarios {
  const saved = new Map(savedBefore.map((scenario) => [scenario.name, scenario]));
  const find = (name: string): Scenario | undefined => saved.get(name) ?? builtIn.find((scenario) => scenario.name === name);
  return {
    save(name, steps) {
      if (typeof name !== 'string' || name.trim() === '') throw new Error('A scenario needs a name.');
      if (!Array.isArray(steps) || steps.length === 0 || steps.length > maxSteps || !steps.every(isRecord))
        throw new Error(`A scenario needs 1 to ${String(maxSteps)} actions.`);
      saved.set(name, { name, steps });
    },
    remove(name) {
      if (!saved.delete(name)) throw new Error(`There is no saved scenario ${JSON.stringify(name)}.`);
    },
    steps(name, values) {
      const scenario = find(name);
      if (!scenario) throw new Error(`There is no scenario ${JSON.stringify(name)}.`);
      // The whole text of a value is compared, so a message that contains the word stays unchanged.
      return scenario.steps.map(
        (step) =>
          JSON.parse(JSON.stringify(step), (_key, value: unknown) =>
            value === '$number' ? values.number : value === '$customer' ? values.customer : value,
          ) as unknown,
      );
    },
    list: () => [
      ...builtIn.map(({ name, steps }) => ({ name, steps: steps.length, builtIn: true })),
      ...Array.from(saved.values(), ({ name, steps }) => ({ name, steps: steps.length, builtIn: false })),
    ],
    get saved() {
      return [...saved.values()];
    },
  };
}
