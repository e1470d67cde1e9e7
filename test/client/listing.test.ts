import { describe, expect, test } from 'vitest';
import { listPhoneNumbers, listSubscribedApps, WhatsAppError, type Listing } from 'wa-coexist';
import { actions } from '../openapi/actions.js';
import { collect, recordingClient } from '../meta/recorder.js';

const listActions = actions.filter(([name]) => name.startsWith('list') || name === 'previewTemplates' || name === 'compareTemplates');
const app = { appId: '1', appSecret: 'secret' };
const paging = { cursors: { after: 'A' }, next: 'https://graph.facebook.com/x?after=A' };

/** Returns Meta's `data` for one item, which some endpoints wrap. */
function dataWith(action: string, id: string): unknown {
  if (action === 'listGroups') return { groups: [{ id }] };
  return action === 'listUsernameSuggestions' ? [{ username_suggestions: [{ id }] }] : [{ id }];
}

describe('an action that lists', () => {
  test('returns a Listing: there are twenty of them', () => {
    expect(listActions).toHaveLength(20);
  });

  test.each(listActions)('%s iterates over the items of all pages', async (name, _operations, call) => {
    const { client, requests } = recordingClient(
      (_request, index) => (index === 0 ? { data: dataWith(name, '1'), paging } : { data: dataWith(name, '2') }),
      app,
    );
    expect(await collect(call(client) as Listing<unknown>)).toEqual([{ id: '1' }, { id: '2' }]);
    expect(requests.map(({ query }) => query['after'])).toEqual([undefined, 'A']);
  });

  test.each(listActions)('%s returns one page with its cursors', async (name, _operations, call) => {
    const { client, requests } = recordingClient({ data: dataWith(name, '1'), paging }, app);
    expect(await (call(client) as Listing<unknown>).page()).toEqual({ data: [{ id: '1' }], paging });
    expect(requests).toHaveLength(1);
  });
});

test('page() begins after the cursor and includes the response', async () => {
  const { client, requests } = recordingClient({ data: [{ id: '7' }] });
  const { data, response } = await listPhoneNumbers(client, { after: 'B', limit: 1 }).page().withResponse();
  expect(data.data).toEqual([{ id: '7' }]);
  expect(response.status).toBe(200);
  expect(requests[0]?.query).toMatchObject({ after: 'B', limit: '1' });
});

test.each([{}, { data: null }, { data: 'x' }])('page() rejects if the page has no list of items: %o', async (answer) => {
  const { client } = recordingClient(answer);
  await expect(listSubscribedApps(client).page()).rejects.toThrow(WhatsAppError);
});
