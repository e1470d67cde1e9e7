import { FellShort, must, type Terminal } from './terminal.ts';
import type { Summary } from './summary.ts';
import type { World } from './world.ts';

/** Contacts, then history, as signed webhooks: chunks in any order, some twice, media after their placeholders. */
export async function sync(
  { fake, shop, past, coexistence }: World,
  screen: Terminal,
): Promise<Pick<Summary, 'contacts' | 'historyMessages' | 'historyByPhase' | 'historyMediaJoined'>> {
  screen.heading('2  Sync');
  const { phoneNumberId } = shop;
  const complete = new Promise<void>((resolve, reject) => {
    const patience = setTimeout(() => {
      reject(new FellShort('Sync fell short: the history was not complete after 20 seconds'));
    }, 20_000);
    coexistence.once('history.complete', () => {
      clearTimeout(patience);
      resolve();
    });
  });
  coexistence.on('history.progress', ({ progress, messages }) => {
    screen.bar('history', messages, past.messages, `${progress} %`);
  });

  await fake.settled();
  // Complete is 100 percent and quiet: a sweep looks at what has become due, as a cron job would.
  const sweeping = setInterval(() => void coexistence.sweep(), 100);
  try {
    await complete;
  } finally {
    clearInterval(sweeping);
  }
  screen.endBar();

  const history = await coexistence.history.get(phoneNumberId);
  let contacts = 0;
  for await (const _contact of coexistence.contacts.list(phoneNumberId)) contacts += 1;
  const requested = fake.requests.filter(({ path }) => path.endsWith('/smb_app_data')).length;
  must('Sync', requested === 2, `contacts and history were asked for ${requested} times in all`);
  must('Sync', contacts === past.contacts, `${contacts} of ${past.contacts} contacts arrived`);
  must('Sync', history.messages === past.messages, `${history.messages} of ${past.messages} messages arrived`);
  must('Sync', history.media.expected === 0, `${history.media.expected} files of the last 14 days are missing`);
  must('Sync', history.media.joined > 0, 'no file was joined to its placeholder');
  screen.line(
    `${contacts} contacts, ${history.messages} messages in ${history.chunks} chunks, ${history.media.joined} files joined, ${history.media.never} older than 14 days`,
  );
  return {
    contacts,
    historyMessages: history.messages,
    historyByPhase: [0, 1, 2].map((phase) => history.phases.find((band) => band.phase === phase)?.messages ?? 0),
    historyMediaJoined: history.media.joined,
  };
}
