import { expect, test } from 'vitest';
import { type OutgoingMessage, type Sender } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(sender: Sender, message: OutgoingMessage, messages: OutgoingMessage[]): void {
  const recipients = ['15550100987'];
  void sender.sendAll([message]);
  void sender.sendAll(messages);
  void sender.sendAll(recipients.map((to) => ({ to, ...text('Hello') })));
  void sender.sendAll(recipients.map((to) => ({ key: to, message: { to, ...text('Hello') } })));
  void sender.sendAll(recipients.map((to) => ({ key: to, category: 'utility' as const, message: { to, ...template('spring', 'en_US') } })));
  void sender.plan(recipients.map((to) => ({ key: to, message: { to, ...text('Hello') } })));

  // @ts-expect-error The key would be ignored.
  void sender.sendAll(recipients.map((to) => ({ message: { to, ...text('Hello') }, options: { key: to } })));
  // @ts-expect-error The recipient would be ignored.
  void sender.sendAll(recipients.map((to) => ({ to, message: text('Hello') })));
  // @ts-expect-error The key would be ignored.
  void sender.sendAll(recipients.map((to) => ({ to, ...text('Hello'), key: to })));
  // @ts-expect-error The options would be ignored.
  void sender.sendAll(recipients.map((to) => ({ to, ...text('Hello'), options: { key: to } })));
  // @ts-expect-error The key would be ignored.
  void sender.plan(recipients.map((to) => ({ message: { to, ...text('Hello') }, options: { key: to } })));
}

test('misplaced options of items do not compile', () => {
  expect(compiles).toBeTypeOf('function');
});
