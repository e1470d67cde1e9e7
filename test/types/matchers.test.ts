import 'wa-coexist/testing/vitest';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { expect, test } from 'vitest';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export async function compiles(): Promise<void> {
  const fake = createFakeCloudApi();
  expect(fake).toHaveSent();
  expect(fake).toHaveSent({ to: '15550100987', text: /rye/, status: 'read' });
  expect(fake).not.toHaveRequested({ path: 'register', errorCode: 100 });
  expect(fake).toHaveDelivered({ event: 'echo.edit', state: 'delivered' });
  await expect(Promise.resolve(fake)).resolves.toHaveSent({ template: 'hello_world' });
  // @ts-expect-error -- there is no such member
  expect(fake).toHaveSent({ recipient: '15550100987' });
  // @ts-expect-error -- there is no such status
  expect(fake).toHaveSent({ status: 'seen' });
  // @ts-expect-error -- there is no such event
  expect(fake).toHaveDelivered({ event: 'mesage' });
}

test('one import registers the matchers', () => {
  expect(createFakeCloudApi()).not.toHaveSent();
});
