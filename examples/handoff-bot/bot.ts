import { createCoexistence, createSender, HandoffError, replyTo, type Client, type Coexistence, type Sender } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import type { Webhooks } from 'wa-coexist/webhooks';

/** The bot with what it runs on. */
export interface Bot extends AsyncDisposable {
  readonly coexistence: Coexistence;
  readonly sender: Sender;
}

/** Answers every text of a customer, unless a person has the thread; `tell` gets a line for each thing that happens. */
export function startBot(client: Client, webhooks: Webhooks, tell: (line: string) => void): Bot {
  const coexistence = createCoexistence({ client, webhooks, saveToken: () => undefined });
  const sender = createSender({ client, throughput: 'coexistence', webhooks, guards: [coexistence.serviceWindow.guard] });

  webhooks.on('message', async (event) => {
    const { message } = event;
    if (message.type !== 'text') return;
    tell(`customer: ${message.text.body}`);
    const permit = await coexistence.handoff.beginReply(event);
    const answer = `You wrote ${String(message.text.body.length)} characters.`;
    const result = await sender.send(replyTo(event, text(answer)), { key: event.key, guard: permit.guard });
    if (result.outcome === 'accepted') {
      await permit.sent(result.messageId);
      tell(`bot: ${answer}`);
    } else if (result.outcome === 'rejected' && result.error instanceof HandoffError) {
      tell(`bot: silent (${result.error.reason})`);
    } else {
      tell(`bot: ${result.error.message}`);
    }
  });
  webhooks.on('echo', ({ message }) => {
    tell(message.type === 'text' ? `person: ${message.text.body}` : `person: a message of type ${message.type}`);
  });
  coexistence.on('handoff.released', ({ reason }) => {
    tell(`the thread is the bot's again (${reason})`);
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
