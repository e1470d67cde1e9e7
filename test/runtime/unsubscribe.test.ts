import { describe, expect, test } from 'vitest';
import { createClient, createCoexistence, createSender, createWhatsApp, silentLogger, type Subscribable } from 'wa-coexist';
import type { BullSender } from 'wa-coexist/bullmq';
import { text } from 'wa-coexist/messages';
import { createFakeCloudApi, signWebhook } from 'wa-coexist/testing';
import { createWebhooks, parseWebhook } from 'wa-coexist/webhooks';
import { acceptedMessage, recordMeta } from '../meta/recorder.js';

interface Emitting {
  readonly on: (handler: () => void) => () => void;
  readonly once?: (handler: () => void) => () => void;
  /** Causes one event. */
  readonly emit: () => Promise<unknown>;
}

const client = () =>
  createClient({
    accessToken: 'token',
    phoneNumberId: '106540352242922',
    logger: silentLogger,
    fetch: recordMeta(acceptedMessage).fetch,
  });

function delivery(index: number): string {
  const contact = { full_name: 'Mara', phone_number: String(15_550_100_000 + index) };
  const value = {
    metadata: { phone_number_id: '106540352242922' },
    state_sync: [{ type: 'contact', action: 'add', contact, metadata: { timestamp: String(1_760_000_000 + index) } }],
  };
  return JSON.stringify({ entry: [{ id: '102290129340398', changes: [{ field: 'smb_app_state_sync', value }] }] });
}

let deliveries = 0;

const emitting: Readonly<Record<string, () => Emitting>> = {
  createWebhooks: () => {
    const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'verify', logger: silentLogger });
    return {
      on: (handler) => webhooks.on('*', handler),
      once: (handler) => webhooks.once('*', handler),
      emit: () => {
        const body = delivery((deliveries += 1));
        const headers = { 'x-hub-signature-256': signWebhook(body, 'secret') };
        return webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body, headers }));
      },
    };
  },
  createSender: () => {
    const sender = createSender({ client: client(), throughput: 80, logger: silentLogger });
    return {
      on: (handler) => sender.on('sent', handler),
      once: (handler) => sender.once('sent', handler),
      emit: () => sender.send({ to: `155501009${String((deliveries += 1)).padStart(2, '0')}`, ...text('Hello') }),
    };
  },
  createCoexistence: () => {
    const coexistence = createCoexistence({ client: client(), saveToken: () => undefined, sweepIntervalMs: false, logger: silentLogger });
    return {
      on: (handler) => coexistence.on('contact.changed', handler),
      once: (handler) => coexistence.once('contact.changed', handler),
      emit: async () => {
        for (const event of parseWebhook(JSON.parse(delivery((deliveries += 1))))) await coexistence.handle(event);
      },
    };
  },
  createFakeCloudApi: () => {
    const fake = createFakeCloudApi();
    const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '1', fetch: fake.fetch, logger: silentLogger, maxRetries: 0 });
    return { on: (handler) => fake.on('request', handler), emit: () => wa.phoneNumbers.get().catch(() => undefined) };
  },
};

describe.each(Object.entries(emitting))('%s', (_name, create) => {
  test('on returns a function that removes this registration only', async () => {
    const { on, emit } = create();
    const calls: string[] = [];
    const handler = (): void => {
      calls.push('twice');
    };
    const unsubscribe = on(handler);
    on(handler);
    on(() => {
      calls.push('other');
    });
    await emit();
    expect(calls).toEqual(['twice', 'twice', 'other']);
    unsubscribe();
    unsubscribe();
    await emit();
    expect(calls.slice(3)).toEqual(['twice', 'other']);
  });

  test('once returns a function that removes the handler before its event', async () => {
    const { on, once, emit } = create();
    if (!once) return;
    const calls: string[] = [];
    const unsubscribe = once(() => {
      calls.push('removed');
    });
    once(() => {
      calls.push('once');
    });
    on(() => {
      calls.push('on');
    });
    unsubscribe();
    await emit();
    await emit();
    expect(calls).toEqual(['once', 'on', 'on']);
  });
});

/** Compiled, never run: the BullMQ sender has the same methods. */
export function compiles(sender: BullSender): () => void {
  const subscribable: Subscribable<{ sent: never }> = sender;
  return subscribable.on('sent', () => undefined);
}
