import { expectTypeOf, test } from 'vitest';
import type { AccountUpdate, Customer, IncomingMessage, ReceivedDelivery, WebhookEvent, Webhooks } from 'wa-coexist/webhooks';

type Source = { on(name: '*', handler: (event: WebhookEvent) => void | Promise<void>): void };

test('a receiver is a source of events', () => {
  expectTypeOf<Webhooks>().toExtend<Source>();
  expectTypeOf<Webhooks>().toExtend<{ readonly fetch: (request: Request) => Promise<Response> }>();
});

test('handlers get the event of their name, with its delivery', () => {
  const check = (webhooks: Webhooks): void => {
    webhooks.on('message', (event) => {
      expectTypeOf(event.type).toEqualTypeOf<'message'>();
      expectTypeOf(event.message).toEqualTypeOf<IncomingMessage>();
      expectTypeOf(event.delivery).toEqualTypeOf<ReceivedDelivery>();
      expectTypeOf(event.customer).toEqualTypeOf<Customer | undefined>();
      if (event.message.type === 'text') expectTypeOf(event.message.text.body).toEqualTypeOf<string>();
      if (event.message.type === 'unknown') expectTypeOf(event.message.originalType).toEqualTypeOf<string | undefined>();
    });
    webhooks.on('message_template_status_update', ({ value }) => {
      expectTypeOf(value.message_template_id).toEqualTypeOf<number | string>();
    });
    webhooks.on('*', (event) => {
      if (event.type === 'account.update') expectTypeOf(event.event).toEqualTypeOf<AccountUpdate['event']>();
      if (event.type === 'call.status') expectTypeOf(event.status.id).toEqualTypeOf<string>();
    });
    // @ts-expect-error -- no event has this name.
    webhooks.on('mesage', () => undefined);
  };
  expectTypeOf(check).toBeFunction();
});
