import { expect, test } from 'vitest';
import { createClient, sendMessage } from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';

const failWith = (phoneNumberId: string, error: object): ReturnType<typeof createClient> =>
  createClient({
    accessToken: 'EAAG-secret-token',
    phoneNumberId,
    maxRetries: 0,
    fetch: recordMeta(() => Response.json({ error }, { status: 400 })).fetch,
  });

test('the message names the real IDs, and a phone number in place of a phone number ID', async () => {
  const error = { code: 100, error_subcode: 33, message: "Unsupported post request. Object with ID '15550100123' does not exist" };
  const send = (id: string): Promise<unknown> =>
    sendMessage(failWith(id, error), { to: '15550100987', type: 'text', text: { body: 'Hi' } });
  await expect(send('106540352242922')).rejects.toThrow('[POST /106540352242922/messages]');
  await expect(send('106540352242922')).rejects.not.toThrow('looks like a phone number');
  for (const number of ['15550100123', '+15550100123', '+1 555 010-0123']) {
    await expect(send(number)).rejects.toThrow(`${number} looks like a phone number. Use the phone number ID`);
  }
});

test('texts of messages and tokens that the response repeats are not in the error', async () => {
  const error = {
    code: 131009,
    message: 'Value "a private greeting" of EAAG-secret-token is wrong',
    error_user_msg: 'See "a private greeting"',
    error_data: { details: 'a private greeting' },
  };
  const client = failWith('106540352242922', error);
  for (const message of [
    { type: 'text', text: { body: 'a private greeting' } },
    { type: 'image', image: { id: '1', caption: 'a private greeting' } },
    {
      type: 'template',
      template: {
        name: 'a',
        language: { code: 'en' },
        components: [{ type: 'body', parameters: [{ type: 'text', text: 'a private greeting' }] }],
      },
    },
  ] as const) {
    const thrown: unknown = await sendMessage(client, { to: '15550100987', ...message }).catch((reason: unknown) => reason);
    expect(JSON.stringify([String(thrown), thrown, (thrown as Error).stack])).not.toMatch(/private greeting|secret-token/);
  }
});
