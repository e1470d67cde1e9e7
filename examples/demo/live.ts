import { createWhatsApp, isCoexistenceNumber, WhatsAppError } from 'wa-coexist';
import type { Terminal } from './terminal.ts';

/** What `--live` needs, and where Meta shows it. */
const variables = {
  WHATSAPP_ACCESS_TOKEN: 'App Dashboard > WhatsApp > API Setup (a temporary token), or Business Settings > System users (a lasting one)',
  WHATSAPP_PHONE_NUMBER_ID: 'App Dashboard > WhatsApp > API Setup, below the number; or WhatsApp Manager > Phone numbers',
} as const;

/** Reads, and changes nothing: is the token good, which number is it, is it on the Business app as well, which templates has it? */
export async function live(screen: Terminal, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const missing = Object.entries(variables).filter(([name]) => !environment[name]);
  if (missing.length > 0) {
    screen.heading('Set these first');
    for (const [name, place] of missing) screen.line(`${name}: ${place}`);
    screen.line('WHATSAPP_BUSINESS_ACCOUNT_ID (for the templates): App Dashboard > WhatsApp > API Setup. Optional.');
    return false;
  }
  const wabaId = environment['WHATSAPP_BUSINESS_ACCOUNT_ID'];
  const baseUrl = environment['WHATSAPP_BASE_URL'];
  const wa = createWhatsApp({
    accessToken: environment['WHATSAPP_ACCESS_TOKEN'],
    phoneNumberId: environment['WHATSAPP_PHONE_NUMBER_ID'],
    ...(wabaId && { wabaId }),
    ...(baseUrl && { baseUrl }),
  });
  try {
    screen.heading('Number');
    const number = await wa.phoneNumbers.get();
    screen.line(`${number.display_phone_number ?? number.id}  ${number.verified_name ?? ''}`);
    screen.line(`quality ${number.quality_rating ?? 'unknown'}, throughput ${number.throughput?.level ?? 'unknown'}`);
    screen.line(isCoexistenceNumber(number) ? 'A coexistence number: on the Business app and on the API.' : 'Not a coexistence number.');
    screen.heading('Templates');
    if (wabaId)
      for await (const { name, language, status } of wa.templates.list({ limit: 50 })) screen.line(`${name}  ${language}  ${status}`);
    else screen.line('Set WHATSAPP_BUSINESS_ACCOUNT_ID to list them.');
    return true;
  } catch (error) {
    if (!(error instanceof WhatsAppError)) throw error;
    screen.line(`Meta could not be read: ${error.message}`);
    if (error.kind === 'authentication') screen.line('Temporary tokens live for a day: make a new one in the App Dashboard.');
    return false;
  }
}
