import { expect, test } from 'vitest';
import { createClient } from 'wa-coexist';
import { deleteContactBookEntry } from '../../src/usernames/delete-contact-book-entry.js';
import { deleteUsername } from '../../src/usernames/delete-username.js';
import { getUsername } from '../../src/usernames/get-username.js';
import { listUsernameSuggestions } from '../../src/usernames/list-username-suggestions.js';
import { setUsername } from '../../src/usernames/set-username.js';
import { collect, recordMeta } from '../meta/recorder.js';

const setUp = (answer: object) => {
  const { fetch, requests } = recordMeta(answer);
  return { client: createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch }), requests };
};
const path = (last: string): string => `/v26.0/339900112233445/${last}`;

test('getUsername returns the username and its status', async () => {
  const { client, requests } = setUp({ username: 'example.shop', status: 'approved' });
  expect(await getUsername(client)).toEqual({ username: 'example.shop', status: 'approved' });
  expect(requests).toMatchObject([{ method: 'GET', path: path('username') }]);
});

test('setUsername sets a username, and can take it from another number', async () => {
  const { client, requests } = setUp({ status: 'reserved' });
  expect(await setUsername(client, { username: 'example.shop' })).toEqual({ status: 'reserved' });
  await setUsername(client, { username: 'example.shop', takeOver: true, phoneNumberId: '2' });
  expect(requests).toMatchObject([
    { method: 'POST', path: path('username'), body: { username: 'example.shop' } },
    { method: 'POST', path: '/v26.0/2/username', body: { username: 'example.shop', transfer_action: 'force_transfer' } },
  ]);
});

test('deleteUsername removes the username', async () => {
  const { client, requests } = setUp({ success: true });
  await deleteUsername(client);
  expect(requests).toMatchObject([{ method: 'DELETE', path: path('username') }]);
});

test('listUsernameSuggestions returns the suggestions', async () => {
  const { client, requests } = setUp({ data: [{ username_suggestions: ['example.shop', 'example_shop'] }, {}] });
  expect(await collect(listUsernameSuggestions(client))).toEqual(['example.shop', 'example_shop']);
  expect(requests).toMatchObject([{ method: 'GET', path: path('username_suggestions') }]);
});

test('deleteContactBookEntry removes an entry', async () => {
  const { client, requests } = setUp({ success: true, deleted: true });
  expect(await deleteContactBookEntry(client, { userId: 'US.90000000000000000001' })).toEqual({ success: true, deleted: true });
  expect(requests).toMatchObject([
    { method: 'DELETE', path: path('contact_book'), query: { messaging_product: 'whatsapp', bsuid: 'US.90000000000000000001' } },
  ]);
});
