import { expect, test } from 'vitest';
import { createClient, sendMarketingMessage, sendMessage, type Client, type OutgoingMessage, type Sender } from 'wa-coexist';
import { buttons, template, text, type CoexistenceMessage } from 'wa-coexist/messages';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(client: Client, sender: Sender, to: string, maybe: string | undefined): void {
  const coexistence = createClient({ accessToken: 'token', phoneNumberId: '106540352242922', coexistence: true });
  void sendMessage(client, { to, ...text('Hello') });
  void sendMessage(client, { ...text('Hello'), recipient: 'US.13491208655302741918' });
  void sendMessage(client, { to, recipient: maybe, ...buttons('Yes?', [{ id: '1', title: 'Yes' }]) });
  void sendMessage(coexistence, { to, ...text('Hello') });
  const message: OutgoingMessage = { to, ...text('Hello') };
  const fromApp: CoexistenceMessage = { recipient: 'US.13491208655302741918', ...template('spring', 'en_US') };
  void sendMessage(client, message);
  void sender.send(message);
  void sendMessage(coexistence, fromApp);

  // @ts-expect-error The recipient is missing.
  void sendMessage(client, { ...text('Hello') });
  // @ts-expect-error The recipient is missing.
  void sendMessage(coexistence, { type: 'text', text: { body: 'Hello' } });
  // @ts-expect-error The recipient may be missing.
  void sendMessage(client, { to: maybe, ...text('Hello') });
  // @ts-expect-error The recipient is missing.
  void sendMarketingMessage(client, template('spring', 'en_US'));
  // @ts-expect-error The recipient is missing.
  void sender.send(text('Hello'));
  // @ts-expect-error The recipient is missing.
  void sender.enqueue({ ...template('spring', 'en_US') });
  // @ts-expect-error The recipient is missing.
  void sender.sendAll([{ key: 'one', message: text('Hello') }]);
  // @ts-expect-error The recipient is missing.
  void sender.plan([text('Hello')]);
}

test('a message without a recipient does not compile', () => {
  expect(compiles).toBeTypeOf('function');
});
