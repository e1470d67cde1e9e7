import { createCoexistence, createSender, replyTo, type Client, type Coexistence, type Sender, type Store } from 'wa-coexist';
import { type ImportParameters } from 'wa-coexist/coexistence';
import { text } from 'wa-coexist/messages';
import type { Webhooks } from 'wa-coexist/webhooks';

/** What a business with one number runs. */
export interface Business extends AsyncDisposable {
  readonly coexistence: Coexistence;
  readonly sender: Sender;
}

/** How it is started. */
export interface BusinessOptions {
  /** With the token of a system user of the business's own. */
  readonly client: Client;
  readonly webhooks: Webhooks;
  readonly store: Store;
  readonly number: Pick<ImportParameters, 'wabaId' | 'phoneNumberId' | 'onboardedAt'>;
  readonly tell: (line: string) => void;
}

/** Takes over a number that a partner onboarded, acknowledges what customers write, and keeps silent where a person answers in the app. */
export async function startBusiness({ client, webhooks, store, number, tell }: BusinessOptions): Promise<Business> {
  const coexistence = createCoexistence({ client, webhooks, store, saveToken: () => undefined });
  coexistence.on('lifecycle.changed', ({ status }) => {
    tell(`the number is ${status}`);
  });
  coexistence.on('heartbeat.due', ({ stage }) => {
    tell(`opening the app is ${stage}`);
  });
  // The partner may have asked for contacts and history; asking twice can take the app off its messages.
  const spent = { contactsSync: 'unknown', historySync: 'unknown' } as const;
  await coexistence.onboarding.import({ ...number, ...spent, tokenExpiresAt: 'never' });

  const guards = [coexistence.lifecycle.guard, coexistence.serviceWindow.guard];
  const sender = createSender({ client, throughput: 'coexistence', store, webhooks, guards });
  webhooks.on('message', async (event) => {
    const { message } = event;
    if (message.type !== 'text') return;
    tell(`${event.customer?.name ?? 'a customer'}: ${message.text.body}`);
    const turn = await coexistence.handoff.beginReply(event);
    const answer = 'Thank you, we will be with you in a minute.';
    const result = await sender.send(replyTo(event, text(answer)), { key: event.key, guard: turn.guard });
    if (result.outcome === 'accepted') await turn.sent(result.messageId);
    tell(result.outcome === 'accepted' ? `API: ${answer}` : `API: nothing (${result.error.message})`);
  });
  webhooks.on('echo', ({ message }) => {
    tell(`app: ${message.type === 'text' ? message.text.body : message.type}`);
  });
  return {
    coexistence,
    sender,
    [Symbol.asyncDispose]: async () => {
      await sender.close();
      await coexistence.close();
    },
  };
}
