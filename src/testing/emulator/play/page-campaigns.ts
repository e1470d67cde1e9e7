import { createClient } from '../../../client/create-client.js';
import { createSender } from '../../../sender/create-sender.js';
import type { Sender } from '../../../sender/sender.js';
import { template } from '../../../messages/template/template-builder.js';
import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';

/** Campaigns of the page, for the gauge, and the reports of other senders. */
export interface Campaigns {
  /** Sends the template `hello_world` to so many made-up people. */
  start(phoneNumberId: string, messages: number): void;
  /** Receives the report of a user's sender: `sender.stats()` as JSON. */
  report(phoneNumberId: string, stats: { readonly queued: number }): void;
  /** Queued messages of the number's sender, or `undefined` without a report. */
  queued(phoneNumberId: string): number | undefined;
  /** Refuses what waits. */
  close(): Promise<void>;
}

/** Makes the register of a fake's senders. */
export function createCampaigns(fake: FakeCloudApi): Campaigns {
  const own = new Map<string, Sender>();
  const told = new Map<string, number>();
  let people = 0;
  const senderOf = (phoneNumberId: string): Sender => {
    const known = own.get(phoneNumberId);
    if (known) return known;
    const { clock } = fake;
    const client = createClient({ accessToken: fake.issueToken(), phoneNumberId, clock, fetch: fake.fetch });
    const sender = createSender({ client, throughput: 'coexistence', clock });
    own.set(phoneNumberId, sender);
    return sender;
  };
  return {
    start(phoneNumberId, messages) {
      const sender = senderOf(phoneNumberId);
      for (let count = 0; count < messages; count += 1) {
        people += 1;
        const { waId } = fake.customer(`1555${String(2_000_000 + people)}`, { name: `Subscriber ${String(people)}` });
        // What became of it shows in the gauge and the chats.
        void sender.send({ to: waId, ...template('hello_world', 'en_US') });
      }
    },
    report(phoneNumberId, { queued }) {
      told.set(phoneNumberId, queued);
    },
    queued(phoneNumberId) {
      const queued = own.get(phoneNumberId)?.stats().queued;
      const elsewhere = told.get(phoneNumberId);
      return queued === undefined && elsewhere === undefined ? undefined : (queued ?? 0) + (elsewhere ?? 0);
    },
    async close() {
      await Promise.all(Array.from(own.values(), (sender) => sender.close()));
    },
  };
}
