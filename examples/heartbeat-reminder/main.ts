/**
 * A cron job that reminds people to open the Business app on the phone: without that Meta ends the link after about 14 days.
 *
 *   node examples/heartbeat-reminder/main.ts             plays 24 days against a fake Cloud API on this machine
 *   node examples/heartbeat-reminder/main.ts --opened    with the variables of the README: also says that the app was opened today
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from 'wa-coexist';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { sweep } from './sweep.ts';

const dayMs = 86_400_000;
const {
  WHATSAPP_ACCESS_TOKEN: accessToken,
  WHATSAPP_BUSINESS_ACCOUNT_ID: wabaId,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_BASE_URL: baseUrl,
  STORE = 'coexistence.db',
} = process.env;
const { values: flags } = parseArgs({ options: { opened: { type: 'boolean', default: false } } });
const unasked = { contactsSync: 'unknown', historySync: 'unknown' } as const;

if (accessToken && wabaId && phoneNumberId) {
  await sweep({
    client: createClient({ accessToken, ...(baseUrl && { baseUrl }) }),
    file: STORE,
    number: { wabaId, phoneNumberId, onboardedAt: new Date(process.env['ONBOARDED_AT'] ?? Date.now()), ...unasked },
    appOpened: flags.opened,
    remind: (text) => {
      console.log(text);
    },
  });
} else {
  await play();
}

/** The job runs twice a day, as a process of its own would: everything is opened and closed each time. */
async function play(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heartbeat-'));
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  const client = createClient({ accessToken: number.accessToken, fetch: fake.fetch, clock });
  const onboardedAt = new Date(clock.now());
  let reminders = 0;
  let runs = 0;
  try {
    for (let day = 0; day <= 24; day += 0.5) {
      const appOpened = day === 13;
      if (appOpened) fake.phone(number).openApp();
      await sweep({
        client,
        file: join(folder, 'coexistence.db'),
        number: { ...number, onboardedAt, ...unasked },
        appOpened,
        remind: (text) => {
          reminders += 1;
          console.log(`day ${day}: ${text}`);
        },
      });
      if (appOpened) console.log(`day ${day}: somebody opened the app`);
      runs += 1;
      await clock.advance(dayMs / 2);
    }
  } finally {
    await fake.close();
    await rm(folder, { recursive: true });
  }
  console.log(`${runs} runs, ${reminders} reminders`);
}
