import { HandoffError, markAsRead, replyTo } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { must, type Terminal } from './terminal.ts';
import type { Summary } from './summary.ts';
import type { World } from './world.ts';

/** A customer writes, the bot answers through the API; a person answers from the phone, and the bot falls silent in that thread. */
export async function conversation(
  { fake, shop, webhooks, coexistence, client, sender }: World,
  screen: Terminal,
): Promise<Pick<Summary, 'echoes' | 'echoEdits' | 'echoRevokes' | 'botSilenced'>> {
  screen.heading('3  Live');
  const counts = { echoes: 0, echoEdits: 0, echoRevokes: 0, botSilenced: 0 };

  // The bot: answers what is its turn to answer.
  webhooks.on('message', async (event) => {
    if (event.message.type !== 'text') return;
    screen.line(`customer  ${event.message.text.body}`);
    const turn = await coexistence.handoff.beginReply(event);
    if ((await turn.check()).allowed) await markAsRead(client, { messageId: event.message.id, typing: true });
    const answer = replyTo(event, text('Yes, fresh at nine every morning.'));
    const result = await sender.send(answer, { key: event.key, priority: 'high', guard: turn.guard });
    if (result.outcome === 'rejected' && result.error instanceof HandoffError) {
      counts.botSilenced += 1;
      screen.line('bot       (leaves it to the person)');
      return;
    }
    must('Live', result.outcome === 'accepted', `the bot's answer was ${result.outcome}`);
    await turn.sent(result.messageId);
    screen.line('bot       Yes, fresh at nine every morning.');
  });
  webhooks.on('echo', (event) => {
    counts.echoes += 1;
    if (event.message.type === 'text') screen.line(`person    ${event.message.text.body}`);
  });
  webhooks.on('echo.edit', (event) => {
    counts.echoEdits += 1;
    if (event.message.type === 'text') screen.line(`person    (edits it) ${event.message.text.body}`);
  });
  webhooks.on('echo.revoke', () => {
    counts.echoRevokes += 1;
    screen.line('person    (deletes a message)');
  });

  const mara = fake.customer('15550100987', { name: 'Mara' });
  const phone = fake.phone(shop);
  const answers = (): number => mara.inbox.filter(({ via }) => via === 'api').length;

  mara.send(shop.phoneNumberId, 'Do you have rye bread?');
  await fake.settled();
  must('Live', answers() === 1, `the bot answered ${answers()} times`);

  const offer = phone.send(mara.waId, 'Shall I keep one for you?');
  const slip = phone.send(mara.waId, 'Sorry, wrong chat');
  await fake.settled();
  mara.send(shop.phoneNumberId, 'Two, please');
  await fake.settled();
  phone.edit(offer, 'Shall I keep one for you until noon?');
  phone.delete(slip);
  await fake.settled();

  const { assignee } = await coexistence.handoff.get({ phoneNumberId: shop.phoneNumberId, customer: { waId: mara.waId } });
  must('Live', assignee === 'person', `the thread is held by the ${assignee}`);
  must('Live', answers() === 1 && counts.botSilenced === 1, 'the bot did not fall silent');
  must('Live', counts.echoes === 2 && counts.echoEdits === 1 && counts.echoRevokes === 1, `echoes came as ${JSON.stringify(counts)}`);
  return counts;
}
