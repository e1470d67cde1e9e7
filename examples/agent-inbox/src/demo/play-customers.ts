import { setTimeout as wait } from 'node:timers/promises';
import { createClient, createTemplate } from 'wa-coexist';
import type { DemoEmulator } from './emulator.ts';

/** Invented customers, and what they ask. */
const customers = [
  ['15550100987', 'Mara Lindqvist', 'Do you have rye bread today?'],
  ['15550100988', 'Jonas Weber', 'When do you close?'],
  ['15550100989', 'Aisha Rahman', 'How much is a birthday cake for twelve?'],
  ['15550100990', 'Tomás Ibarra', 'Great, I am on my way'],
  ['15550100991', '<b>Bobby</b> & <script>alert(1)</script>', '<img src=x onerror="document.title=1"> is only text'],
] as const;

/**
 * Lets customers write, lets the team write to one of them from the phone, and creates a template for a campaign.
 *
 * @param isAssigned - Waits until the inbox assigned a conversation to the team.
 */
export async function playCustomers(
  { url: baseUrl, env, act }: DemoEmulator,
  isAssigned: (customer: string) => Promise<void>,
): Promise<void> {
  const { WHATSAPP_PHONE_NUMBER_ID: number, WHATSAPP_BUSINESS_ACCOUNT_ID: wabaId, WHATSAPP_ACCESS_TOKEN: accessToken } = env;
  for (const [customer, name] of customers) await act({ do: 'customer.add', customer, name });
  // The team writes to one of them from the phone, so the bot is silent there.
  const [answered] = customers[3];
  await act({ do: 'phone.send', number, customer: answered, text: 'Your order is ready. We are open until six.' });
  await isAssigned(answered);
  // Meta's times are in seconds, and a message of the phone in the second of a customer's message counts as automatic.
  await wait(1_100);
  for (const [customer, , text] of customers) {
    await act({ do: 'customer.send', number, customer, text });
  }
  const { id } = await createTemplate(createClient({ baseUrl, accessToken, wabaId }), {
    name: 'weekend_offer',
    language: 'en_US',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: 'Hello {{1}}, your loaf of the week is {{2}}. Reply to reserve one.',
        example: { body_text: [['Mara', 'rye']] },
      },
    ],
  });
  await act({ do: 'template.approve', template: id });
}
