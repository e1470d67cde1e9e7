import { expect, test } from 'vitest';
import { createClient, sendMessage } from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';

const client = createClient({
  accessToken: 'token',
  phoneNumberId: '106540352242922',
  fetch: recordMeta(() => Promise.reject(new Error('Nothing may be sent.'))).fetch,
});
const template = (text: unknown): Promise<unknown> =>
  sendMessage(client, {
    to: '15550100987',
    type: 'template',
    template: { name: 'a', language: { code: 'en' }, components: [{ type: 'body', parameters: [{ type: 'text', text: text as string }] }] },
  });

test('a text that is not a string is rejected without its value', async () => {
  await expect(sendMessage(client, { to: '15550100987', type: 'text', text: { body: 42 as unknown as string } })).rejects.toThrow(
    /text\.body must be a string, but is a number/,
  );
  await expect(template(42)).rejects.toThrow(/parameters\[0\]\.text must be a string, but is a number/);
});

test.each(['\n', '\r', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029'])('%j in the value of a template is rejected', async (character) => {
  await expect(template(`one${character}two`)).rejects.toThrow('contains a line break');
});
