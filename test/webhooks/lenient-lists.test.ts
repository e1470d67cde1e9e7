import { expect, test } from 'vitest';
import { parseWebhook } from 'wa-coexist/webhooks';
import { delivery, shared, textMessage } from './fixtures/delivery.js';

const status = (errors: unknown): unknown => {
  const item = { id: 'wamid.EXAMPLE1', status: 'failed', timestamp: '1790000000', recipient_id: '15550100987', errors };
  const [event] = parseWebhook(delivery({ field: 'messages', value: { ...shared, statuses: [item] } }));
  return event?.type === 'status' ? event.status.errors : 'no status';
};
const message = (item: object): unknown => {
  const [event] = parseWebhook(
    delivery({ field: 'messages', value: { ...shared, messages: [{ ...textMessage('wamid.EXAMPLE2'), ...item }] } }),
  );
  return event?.type === 'message' ? event.message : 'no message';
};

test('an error without a code, or with a code as text, affects no other error', () => {
  const good = { code: 131050, title: 'User opted out of marketing' };
  expect(status([good, { title: 'more' }, null, 7, [good]])).toEqual([good]);
  expect(status([{ ...good, code: '131050' }])).toEqual([good]);
  expect(status([{ title: 'more' }])).toBeUndefined();
});

test('error_data that is a text counts as its details', () => {
  expect(
    status([
      { code: 131026, title: 'Undeliverable', error_data: 'The app is too old.' },
      { code: 131000, error_data: 7 },
    ]),
  ).toEqual([{ code: 131026, title: 'Undeliverable', error_data: { details: 'The app is too old.' } }, { code: 131000 }]);
});

test('malformed cards, phones, products and buttons affect no other element', () => {
  expect(
    message({ type: 'contacts', contacts: [null, { name: { formatted_name: 'Ann' }, phones: ['odd', { phone: '1' }], emails: [1] }] }),
  ).toMatchObject({
    contacts: [{ name: { formatted_name: 'Ann' }, phones: [{ phone: '1' }] }],
  });
  expect(message({ type: 'order', order: { product_items: [0, { product_retailer_id: 'a', quantity: '2' }] } })).toMatchObject({
    order: { product_items: [{ product_retailer_id: 'a', quantity: '2' }] },
  });
  const [event] = parseWebhook(
    delivery({
      field: 'message_template_components_update',
      value: { message_template_id: 5, message_template_buttons: [null, { message_template_button_text: 'Go' }] },
    }),
  );
  expect(event).toMatchObject({ value: { message_template_id: '5', message_template_buttons: [{ message_template_button_text: 'Go' }] } });
});

test('the response of a flow that is an object already becomes its JSON', () => {
  const nfm = (response: unknown): object => ({
    type: 'interactive',
    interactive: { type: 'nfm_reply', nfm_reply: { response_json: response } },
  });
  expect(message(nfm({ flow_token: 'x' }))).toMatchObject({ interactive: { nfm_reply: { response_json: '{"flow_token":"x"}' } } });
});
