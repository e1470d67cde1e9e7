import { expect, test } from 'vitest';
import type { Onboarding } from 'wa-coexist/coexistence';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(onboarding: Onboarding): string {
  if (onboarding.state === 'choose-number') return onboarding.numbers.map(({ phoneNumberId }) => phoneNumberId).join();
  // @ts-expect-error The number may be unknown before the state `done`.
  const open: string = onboarding.phoneNumberId;
  if (onboarding.state !== 'done') return open;
  const { wabaId, phoneNumberId, contactsSync, historySync } = onboarding;
  return [wabaId, phoneNumberId, contactsSync, historySync].map((id) => id.toUpperCase()).join();
}

test('the state of an onboarding narrows its members', () => {
  expect(compiles).toBeTypeOf('function');
});
