import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';

type Json = Readonly<Record<string, unknown>>;

/** A canonical request: method, path after the node, and parameters. Each kind defines how its parts can be spelled. */
interface Request {
  readonly method: 'GET' | 'POST';
  readonly at: 'number' | 'waba';
  readonly path: string;
  readonly parameters: Json;
  /** Names of parameters whose values ignore case. */
  readonly words?: readonly string[];
}

const requests: readonly Request[] = [
  {
    method: 'POST',
    at: 'number',
    path: 'messages',
    parameters: { messaging_product: 'whatsapp', to: '15550100987', type: 'text', text: { body: 'Hello', preview_url: true } },
    words: ['messaging_product', 'type'],
  },
  {
    method: 'POST',
    at: 'number',
    path: 'messages',
    parameters: {
      messaging_product: 'whatsapp',
      to: '15550100987',
      type: 'contacts',
      contacts: [{ name: { formatted_name: 'Ann', first_name: 'Ann' }, phones: [{ phone: '15550100111' }] }],
    },
    words: ['type'],
  },
  {
    method: 'POST',
    at: 'number',
    path: 'messages',
    parameters: {
      messaging_product: 'whatsapp',
      to: '15550100987',
      type: 'template',
      template: {
        name: 'ready',
        language: { code: 'en_US' },
        components: [{ type: 'body', parameters: [{ type: 'text', text: '4711' }] }],
      },
    },
    words: ['type'],
  },
  {
    method: 'POST',
    at: 'number',
    path: 'messages',
    parameters: {
      messaging_product: 'whatsapp',
      to: '15550100987',
      type: 'location',
      location: { latitude: 25, longitude: 80, name: '12', address: 'x' },
    },
  },
  { method: 'POST', at: 'number', path: 'register', parameters: { messaging_product: 'whatsapp', pin: '123456' } },
  {
    method: 'POST',
    at: 'number',
    path: 'message_qrdls',
    parameters: { prefilled_message: '4711', generate_qr_image: 'PNG' },
    words: ['generate_qr_image'],
  },
  {
    method: 'POST',
    at: 'number',
    path: 'whatsapp_business_profile',
    parameters: { messaging_product: 'whatsapp', about: '1', websites: ['https://shop.example/', 'https://shop.example/menu'] },
  },
  { method: 'POST', at: 'number', path: 'whatsapp_commerce_settings', parameters: { is_cart_enabled: false, is_catalog_visible: true } },
  {
    method: 'POST',
    at: 'number',
    path: 'block_users',
    parameters: { messaging_product: 'whatsapp', block_users: [{ user: '15550100987' }] },
  },
  {
    method: 'GET',
    at: 'waba',
    path: 'message_templates',
    parameters: { status: ['APPROVED', 'PENDING'], category: ['UTILITY'], limit: 2, fields: 'name,status' },
    words: ['status', 'category'],
  },
  {
    method: 'POST',
    at: 'waba',
    path: 'message_templates',
    parameters: {
      name: 'menu',
      language: 'en_US',
      category: 'MARKETING',
      parameter_format: 'POSITIONAL',
      components: [{ type: 'BODY', text: 'All bread for less.' }],
    },
    words: ['category', 'parameter_format'],
  },
  { method: 'POST', at: 'waba', path: 'phone_numbers', parameters: { cc: '1', phone_number: '5550107777', verified_name: '12' } },
];

/** A different spelling of the same request. Each choice is a number from 0 to 5. */
interface Spelling {
  readonly carrier: 'json' | 'form' | 'query' | 'multipart';
  readonly choices: readonly number[];
}

function spell({ parameters, words = [] }: Request, { carrier, choices }: Spelling): readonly (readonly [string, unknown])[] {
  let next = 0;
  const choose = (): number => choices[(next += 1) % choices.length] ?? 0;
  const wordOf = (word: string): string => [word, word.toLowerCase(), word.toUpperCase()][choose() % 3] ?? word;
  const scalar = (value: unknown): unknown => {
    if (carrier !== 'json') return String(value);
    // A number and its string are equivalent, as long as no digits are lost.
    if (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) && choose() % 2 === 0) return Number(value);
    return typeof value === 'boolean' && choose() % 2 === 0 ? String(value) : value;
  };
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return carrier === 'json' ? scalar(value) : value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deep(member)]));
  };
  const brackets = (name: string, value: unknown): (readonly [string, unknown])[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => brackets(`${name}[${String(index)}]`, item));
    if (typeof value !== 'object' || value === null) return [[name, String(value)]];
    return Object.entries(value).flatMap(([key, member]) => brackets(`${name}[${key}]`, member));
  };
  return Object.entries(parameters).flatMap(([name, value]): (readonly [string, unknown])[] => {
    const isWord = words.includes(name);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
      const items = value.map((item) => (isWord ? wordOf(item) : item));
      switch (choose() % 4) {
        case 0:
          return [[name, items.join(',')]];
        case 1:
          return [[name, JSON.stringify(items)]];
        case 2:
          return carrier === 'json' ? [[name, items]] : items.map((item) => [`${name}[]`, item] as const);
        default:
          return carrier === 'json' ? [[name, items]] : brackets(name, items);
      }
    }
    if (typeof value === 'object') {
      if (carrier !== 'json') return choose() % 2 === 0 ? [[name, JSON.stringify(value)]] : brackets(name, value);
      return [[name, choose() % 2 === 0 ? JSON.stringify(deep(value)) : deep(value)]];
    }
    return [[name, scalar(typeof value === 'string' && isWord ? wordOf(value) : value)]];
  });
}

/** Sends a request to a new fake and returns all changes and the response. */
async function outcomeOf(request: Request, spelling: Spelling | undefined): Promise<unknown> {
  const fake = createFakeCloudApi({ clock: fakeClock() });
  const number = fake.cloudApiNumber();
  fake.addTemplate(number.wabaId, { name: 'ready', body: 'Order {{1}} is ready.' });
  fake.addTemplate(number.wabaId, { name: 'later', status: 'PENDING' });
  fake.customer('15550100987').send(number.phoneNumberId, 'Hi');
  const url = new URL(`https://graph.facebook.com/v26.0/${request.at === 'number' ? number.phoneNumberId : number.wabaId}/${request.path}`);
  const fields = spelling ? spell(request, spelling) : Object.entries(request.parameters);
  const carrier = spelling?.carrier ?? 'json';
  const authorization = `Bearer ${number.accessToken}`;
  const init: RequestInit = { method: request.method, headers: { authorization } };
  if (request.method === 'GET' || carrier === 'query') {
    for (const [name, value] of fields) url.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  } else if (carrier === 'json') {
    init.body = JSON.stringify(Object.fromEntries(fields));
    init.headers = { authorization, 'content-type': 'application/json' };
  } else {
    const form = carrier === 'form' ? new URLSearchParams() : new FormData();
    for (const [name, value] of fields) form.append(name, String(value));
    init.body = form;
  }
  const response = await fake.fetch(url, init);
  const body = ((await response.json()) as Json)['paging'] === undefined ? undefined : 'page';
  await fake.settled();
  return { status: response.status, body, state: withoutQueries(fake.snapshot().state) };
}

/** Returns the state of the fake. */
function withoutQueries(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state)) as unknown;
}

test.each(requests.map((request) => [`${request.method} ${request.path}`, request] as const))(
  'every spelling of %s means the same',
  async (_name, request) => {
    const canonical = await outcomeOf(request, undefined);
    expect(canonical).toMatchObject({ status: 200 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          carrier: fc.constantFrom('json' as const, 'form' as const, 'query' as const, 'multipart' as const),
          choices: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 }),
        }),
        async (spelling) => {
          expect(await outcomeOf(request, spelling)).toEqual(canonical);
        },
      ),
      { numRuns: 40 },
    );
  },
);

test('hostile names of parameters change nothing else', async () => {
  const fake = createFakeCloudApi({ clock: fakeClock() });
  const number = fake.cloudApiNumber();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'a', '', ']', '[', '0', 'prototype'), fc.nat(12)), { maxLength: 6 }),
      fc.string(),
      async (parts, value) => {
        const name = parts.map(([part, depth]) => `${part}${'[__proto__]'.repeat(depth)}`).join('[polluted]');
        const body = new URLSearchParams([[name, value]]);
        const url = `https://graph.facebook.com/${number.phoneNumberId}/messages`;
        const response = await fake.fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${number.accessToken}` } });
        expect(response.status).toBe(400);
        expect(({} as Json)['polluted']).toBeUndefined();
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
  );
});
