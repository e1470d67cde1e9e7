/**
 * A campaign with progress, a plan before and a report after it.
 *
 *   npm run build && node examples/campaign/main.ts
 *     against a fake Cloud API on this machine
 *   WHATSAPP_ACCESS_TOKEN=… WHATSAPP_PHONE_NUMBER_ID=… RECIPIENTS=15550100987,15550100988 TEMPLATE=hello_world node examples/campaign/main.ts
 *     against Meta: sends to the recipients named, each once however often it is run
 */
import { createClient, createSender, type Client, type SendItem } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createFakeCloudApi } from 'wa-coexist/testing';

const { WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_BASE_URL, RECIPIENTS, TEMPLATE = 'hello_world' } = process.env;

/** The client, and where its sends are kept: the real ones in a file, so that a second run sends nobody twice. */
function target(): { readonly client: Client; readonly recipients: readonly string[]; readonly file: string } {
  if (WHATSAPP_ACCESS_TOKEN !== undefined && WHATSAPP_PHONE_NUMBER_ID !== undefined) {
    return {
      client: createClient({
        accessToken: WHATSAPP_ACCESS_TOKEN,
        phoneNumberId: WHATSAPP_PHONE_NUMBER_ID,
        ...(WHATSAPP_BASE_URL && { baseUrl: WHATSAPP_BASE_URL }),
      }),
      recipients: RECIPIENTS?.split(',') ?? [],
      file: 'campaign.db',
    };
  }
  const fake = createFakeCloudApi();
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  return {
    client: createClient({ accessToken, phoneNumberId, fetch: fake.fetch }),
    recipients: Array.from({ length: 60 }, (_, index) => `1555020${String(index).padStart(4, '0')}`),
    file: ':memory:',
  };
}

const campaignId = `${TEMPLATE}-1`;
const { client, recipients, file } = target();
await using store = sqliteStore(file);
await using sender = createSender({ client, store });

function* messages(): Generator<SendItem> {
  for (const to of recipients) yield { key: `${campaignId}/${to}`, message: { to, ...template(TEMPLATE, 'en_US') } };
}

const plan = await sender.plan(messages());
console.log(`Plan: ${plan.messages} messages to ${plan.recipients} people in about ${Math.ceil(plan.durationMs / 1_000)} s`);
if (plan.messagingLimit.beyond > 0) console.log(`      ${plan.messagingLimit.beyond} of them are beyond the messaging limit`);

let toldAtMs = 0;
const result = await sender.sendAll(messages(), {
  campaignId,
  total: plan.messages,
  onProgress: ({ done, total = 0, perSecond, leftMs = 0, elapsedMs }) => {
    if (done < total && elapsedMs - toldAtMs < 1_000) return;
    toldAtMs = elapsedMs;
    console.log(`${done} of ${total}, ${perSecond.toFixed(1)} a second, ${Math.ceil(leftMs / 1_000)} s left`);
  },
});
console.log(`${result.accepted} accepted, ${result.rejected} rejected, ${result.unknown} unknown`);
if (result.accepted < plan.messages) process.exitCode = 1;
