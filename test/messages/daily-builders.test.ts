import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError, InvalidMessageError, sendMessage, type OutgoingMessage } from 'wa-coexist';
import {
  addressRequest,
  boletoPayment,
  buttonsOrList,
  gatewayPayment,
  linkPayment,
  orderDetails,
  orderStatus,
  pixPayment,
  upiPayment,
  voiceCall,
  type OrderInvoice,
} from 'wa-coexist/messages';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

const to = '15550100987';
const rows = (count: number, title = 'Row') =>
  Array.from({ length: count }, (_, index) => ({ id: `id-${index}`, title: `${title} ${index}` }));

describe('buttonsOrList', () => {
  test.each<[string, Parameters<typeof buttonsOrList>, 'button' | 'list']>([
    ['three short choices', ['Which?', rows(3)], 'button'],
    ['four choices', ['Which?', rows(4)], 'list'],
    ['a title of 21 characters', ['Which?', [{ id: 'a', title: 'x'.repeat(21) }]], 'list'],
    ['a description', ['Which?', [{ id: 'a', title: 'A', description: 'First' }]], 'list'],
    [
      'two equal titles',
      [
        'Which?',
        [
          { id: 'a', title: 'A' },
          { id: 'b', title: 'A' },
        ],
      ],
      'list',
    ],
    ['a long body', ['x'.repeat(1025), rows(2)], 'list'],
    [
      'sections',
      [
        'Which?',
        [
          { title: 'One', choices: rows(1) },
          { title: 'Two', choices: [{ id: 'b', title: 'B' }] },
        ],
      ],
      'list',
    ],
    ['an image above buttons', ['Which?', rows(2), { header: { type: 'image', image: { id: '1' } } }], 'button'],
    ['a text header above a list', ['Which?', rows(5), { header: 'Days', footer: 'Thanks', button: 'Days' }], 'list'],
  ])('%s', async (_name, args, kind) => {
    const content = buttonsOrList(...args);
    expect(content.interactive.type).toBe(kind);
    await sendMessage(recordingClient(acceptedMessage).client, { to, ...content });
  });

  test.each<[string, Parameters<typeof buttonsOrList>, string]>([
    ['eleven choices', ['Which?', rows(11)], 'choices has 11 choices, but Meta allows 10'],
    ['no choices', ['Which?', []], 'choices must have at least one'],
    [
      'a long title',
      ['Which?', [...rows(3), { id: 'x', title: 'y'.repeat(25) }]],
      'choices[3].title has 25 characters, but Meta allows 24',
    ],
    [
      'two equal IDs',
      [
        'Which?',
        [
          { id: 'a', title: 'A' },
          { id: 'a', title: 'B' },
        ],
      ],
      'choices[1].id must be unique',
    ],
    ['an untitled section', ['Which?', [{ choices: rows(1) }, { choices: rows(1) }]], 'choices[0].title is missing'],
    ['a long ID of a button', ['Which?', [{ id: 'x'.repeat(257), title: 'A' }]], 'choices[0].id has 257 characters, but Meta allows 256'],
    ['nothing as a choice', ['Which?', [undefined as never]], 'choices[0] must be an object'],
    ['texts as choices', ['Which?', ['Yes', 'No'] as never], 'choices[0] must be an object'],
    ['choices beside sections', ['Which?', [...rows(1), { title: 'More', choices: rows(1) }] as never], 'choices must be either'],
    ['a section of texts', ['Which?', [{ title: 'More', choices: ['Yes'] as never }]], 'choices[0].choices must be a list of objects'],
    [
      'an empty section',
      [
        'Which?',
        [
          { title: 'A', choices: [] },
          { title: 'B', choices: rows(1) },
        ],
      ],
      'choices[0].choices must have at least one',
    ],
    ['a long label of the list', ['Which?', rows(5), { button: 'x'.repeat(21) }], 'options.button has 21 characters, but Meta allows 20'],
    ['a long text above a list', ['x'.repeat(4097), rows(5)], 'body has 4097 characters, but Meta allows 4096'],
    ['an image above a list', ['Which?', rows(5), { header: { type: 'image', image: { id: '1' } } }], 'header must be a text'],
  ])('%s are rejected by path', (_name, args, message) => {
    expect(() => buttonsOrList(...args)).toThrow(message);
    expect(() => buttonsOrList(...args)).toThrow(InvalidArgumentError);
  });
});

const invoice: OrderInvoice = {
  referenceId: 'order-4711',
  type: 'physical-goods',
  currency: 'BRL',
  items: [
    { name: 'Bread', price: 1_500, salePrice: 1_000, quantity: 2, retailerId: 'bread' },
    { name: 'Cake', price: 2_000 },
  ],
  tax: 100,
  shipping: { amount: 300, description: 'Courier' },
  discount: { amount: 50, programName: 'Spring' },
  payments: [pixPayment({ code: '0002', merchantName: 'Padaria', key: 'a@b.example', keyType: 'EMAIL' }), boletoPayment('0339')],
};

test('an order has the sums and payments in the shape of Meta', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  await sendMessage(client, { to, ...orderDetails('Your order', invoice, { footer: 'Thanks' }) });
  const amount = (value: number, more = {}) => ({ value, offset: 100, ...more });
  expect(bodies[0]).toMatchObject({
    interactive: {
      type: 'order_details',
      body: { text: 'Your order' },
      footer: { text: 'Thanks' },
      action: {
        name: 'review_and_pay',
        parameters: {
          reference_id: 'order-4711',
          payment_type: 'br',
          payment_settings: [
            {
              type: 'pix_dynamic_code',
              pix_dynamic_code: { code: '0002', merchant_name: 'Padaria', key: 'a@b.example', key_type: 'EMAIL' },
            },
            { type: 'boleto', boleto: { digitable_line: '0339' } },
          ],
          total_amount: amount(4_350),
          order: {
            status: 'pending',
            items: [
              { retailer_id: 'bread', name: 'Bread', amount: amount(1_500), sale_amount: amount(1_000), quantity: 2 },
              { name: 'Cake', amount: amount(2_000), quantity: 1 },
            ],
            subtotal: amount(4_000),
            tax: amount(100),
            shipping: amount(300, { description: 'Courier' }),
            discount: amount(50, { discount_program_name: 'Spring' }),
          },
        },
      },
    },
  });
});

test('a sum of any order passes the check, and a changed one does not', async () => {
  const { client } = recordingClient(acceptedMessage);
  const price = fc.integer({ min: 0, max: 1_000_000 });
  const items = fc.array(fc.record({ name: fc.constant('Item'), price, quantity: fc.integer({ min: 1, max: 99 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(items, price, price, async (list, tax, shipping) => {
      const message: OutgoingMessage = { to, ...orderDetails('Order', { ...invoice, items: list, tax, shipping, discount: undefined }) };
      await sendMessage(client, message);
      const wrong = JSON.parse(JSON.stringify(message)) as { interactive: { action: { parameters: { total_amount: { value: number } } } } };
      wrong.interactive.action.parameters.total_amount.value += 1;
      await expect(sendMessage(client, wrong as unknown as OutgoingMessage & { to: string })).rejects.toThrow(
        'subtotal + tax + shipping - discount',
      );
    }),
    { numRuns: 100 },
  );
});

test.each<[string, Partial<OrderInvoice>, string]>([
  ['a fraction', { tax: 0.5 }, 'tax must be a whole number'],
  ['another total', { total: 1 }, 'total is 1, but items + tax + shipping - discount is 4350'],
  ['no items and no total', { items: undefined }, 'items is missing'],
  ['an empty list of items', { items: [] }, 'items must have at least one item'],
  ['a quantity of 0', { items: [{ name: 'A', price: 1, quantity: 0 }] }, 'items[0].quantity'],
  ['an early expiration', { expiration: { at: new Date() } }, 'expiration.at must be a Date at least 5 minutes'],
])('an order with %s is rejected', (_name, change, message) => {
  expect(() => orderDetails('Order', { ...invoice, ...change })).toThrow(message);
});

test.each<[string, Partial<OrderInvoice>, string]>([
  [
    'a reference ID of 36 characters in India',
    { currency: 'INR', referenceId: 'x'.repeat(36), payments: [upiPayment('upi://pay')] },
    'reference_id',
  ],
  ['a reference ID of 61 characters', { referenceId: 'x'.repeat(61) }, 'reference_id'],
  ['a space in the reference ID', { referenceId: 'order 1' }, 'reference_id'],
  ['a long name of an item', { items: [{ name: 'x'.repeat(61), price: 1 }] }, 'order.items[0].name'],
  ['a long description', { tax: { amount: 1, description: 'x'.repeat(61) } }, 'order.tax.description'],
])('%s is rejected before the network', async (_name, change, field) => {
  const sending = sendMessage(recordingClient(acceptedMessage).client, { to, ...orderDetails('Order', { ...invoice, ...change }) });
  await expect(sending).rejects.toThrow(InvalidMessageError);
  await expect(sending).rejects.toThrow(field);
});

test('a simplified order has only a total', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  await sendMessage(client, {
    to,
    ...orderDetails('Bill', { ...invoice, items: undefined, total: 500, payments: [linkPayment('https://pay.example')] }),
  });
  expect(bodies[0]).toMatchObject({ interactive: { action: { parameters: { total_amount: { value: 500, offset: 100 } } } } });
  expect(JSON.stringify(bodies[0])).not.toContain('"order":');
});

test('an update of an order with a part that would be lost is rejected', () => {
  expect(() => orderStatus('Paid', { referenceId: 'order-1', description: 'Soon', payment: { status: 'captured' } })).toThrow(
    'description needs a status',
  );
  expect(() => orderStatus('Paid', { referenceId: 'order-1', payment: { status: 'captured', at: new Date(NaN) } })).toThrow(
    'payment.at must be a valid Date',
  );
});

test('requests and updates have the shape of Meta', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  const at = new Date('2026-11-29T10:00:00Z');
  await sendMessage(client, {
    to,
    ...addressRequest('Where?', { country: 'IN', values: { in_pin_code: '400063' } }, { footer: 'Thanks' }),
  });
  await sendMessage(client, { to, ...voiceCall('Call us', { display_text: 'Call', ttl_minutes: 60 }) });
  await sendMessage(client, {
    to,
    ...orderStatus('Paid', { referenceId: 'order-1', status: 'processing', payment: { status: 'captured', at } }),
  });
  expect(bodies.map((body) => (body as { interactive: unknown }).interactive)).toEqual([
    {
      type: 'address_message',
      body: { text: 'Where?' },
      footer: { text: 'Thanks' },
      action: { name: 'address_message', parameters: { country: 'IN', values: { in_pin_code: '400063' } } },
    },
    {
      type: 'voice_call',
      body: { text: 'Call us' },
      action: { name: 'voice_call', parameters: { display_text: 'Call', ttl_minutes: 60 } },
    },
    {
      type: 'order_status',
      body: { text: 'Paid' },
      action: {
        name: 'review_order',
        parameters: {
          reference_id: 'order-1',
          order: { status: 'processing' },
          payment: { status: 'captured', timestamp: at.getTime() / 1000 },
        },
      },
    },
  ]);
  expect(() => orderStatus('Nothing', { referenceId: 'order-1' })).toThrow('status is missing');
  expect(gatewayPayment('razorpay', 'shop')).toEqual({
    type: 'payment_gateway',
    payment_gateway: { type: 'razorpay', configuration_name: 'shop' },
  });
});
