import type { Answer } from '../entities.js';
import { listOf, optionalText, type AuthorizedCall, type Routes, type WabaCall } from './call.js';
import { pageOf } from './listing.js';

/** A few made-up entries: Meta's library has hundreds. */
const library: readonly Answer[] = [
  {
    id: '806300000000101',
    name: 'appointment_reminder_1',
    language: 'en_US',
    category: 'UTILITY',
    topic: 'EVENT_REMINDER',
    usecase: 'APPOINTMENT_REMINDER',
    industry: ['E_COMMERCE'],
    body: 'Hello {{1}}, this is a reminder of your appointment on {{2}}. See you then.',
    body_params: ['Mara', 'Monday at nine'],
    body_param_types: ['TEXT', 'DATE'],
  },
  {
    id: '806300000000102',
    name: 'order_ready_1',
    language: 'en_US',
    category: 'UTILITY',
    topic: 'ORDER_MANAGEMENT',
    usecase: 'ORDER_PICK_UP',
    industry: ['E_COMMERCE'],
    body: 'Hello {{1}}, your order {{2}} can be picked up now.',
    body_params: ['Mara', '4711'],
    body_param_types: ['TEXT', 'TEXT'],
    buttons: [{ type: 'URL', text: 'See the order', url: 'https://shop.example/orders' }],
  },
];

/** `GET /message_template_library`. */
export function listLibrary(call: AuthorizedCall): Answer {
  const search = optionalText(call, 'search')?.toLowerCase();
  const filters = ['topic', 'usecase', 'language', 'category', 'name'] as const;
  const found = library.filter(
    (entry) =>
      filters.every((name) => call.fields[name] === undefined || entry[name] === call.fields[name]) &&
      (search === undefined || JSON.stringify(entry).toLowerCase().includes(search)),
  );
  return pageOf(call, found);
}

/** `GET /{waba-id}/message_template_previews`: how authentication templates read. */
export const templatePreviewRoutes: Routes<WabaCall> = {
  'GET message_template_previews'(call) {
    const languages = listOf(call, 'languages').map(String);
    const minutes = optionalText(call, 'code_expiration_minutes');
    const advice = String(call.fields.add_security_recommendation) === 'true' ? ' For your security, do not share this code.' : '';
    return {
      data: (languages.length > 0 ? languages : ['en_US']).map((language) => ({
        language,
        body: `*{{1}}* is your verification code.${advice}`,
        ...(minutes !== undefined && { footer: `This code expires in ${minutes} minutes.` }),
        buttons: [{ text: 'Copy code', autofill_text: 'Autofill' }],
      })),
    };
  },
};
