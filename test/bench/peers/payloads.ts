import { deliveryOf, type Delivery } from '../harness/deliveries.ts';
import { place } from './library.ts';

/** Webhooks that every library should handle, and the data that it should report. */
export interface Payload {
  readonly name: string;
  readonly field: string;
  readonly deliveries: readonly Delivery[];
  /**
   * The expected data, in the notation of `Received`. `undefined` if the signature is invalid and the delivery must be
   * rejected.
   */
  readonly expected: readonly string[] | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const customer = '15550100987';
const business = '15550100123';
const number = { messaging_product: 'whatsapp', metadata: { display_phone_number: business, phone_number_id: place.phoneNumberId } };
const contacts = [{ profile: { name: 'Mara' }, wa_id: customer, user_id: 'US.90000000000000000001' }];
const change = (field: string, value: Json): Json => ({ field, value: { ...number, ...value } });
const ofChanges = (...changes: readonly Json[]): Delivery =>
  deliveryOf({ object: 'whatsapp_business_account', entry: [{ id: place.wabaId, time: 1795301000, changes }] });
const inbound = (id: string, content: Json): Json => ({ from: customer, id, timestamp: '1795301000', ...content });
const outbound = (id: string, content: Json): Json => ({ from: business, to: customer, id, timestamp: '1795301000', ...content });
const text = (body: string): Json => ({ type: 'text', text: { body } });
const messages = (...items: readonly Json[]): Json => change('messages', { contacts, messages: items });
const echoes = (...items: readonly Json[]): Json => change('smb_message_echoes', { contacts, message_echoes: items });
const past = (message: Json, status: string): Json => ({ ...message, history_context: { status } });

const genuine = ofChanges(messages(inbound('wamid.M11', text('Transfer it to this account instead'))));

export const payloads: readonly Payload[] = [
  {
    name: 'a message',
    field: 'messages',
    deliveries: [ofChanges(messages(inbound('wamid.M1', text('Do you have rye bread?'))))],
    expected: ['message wamid.M1'],
  },
  {
    name: 'three messages in two changes',
    field: 'messages',
    deliveries: [
      ofChanges(
        messages(inbound('wamid.M2', text('Hello')), inbound('wamid.M3', text('Are you open?'))),
        messages(inbound('wamid.M4', text('On Sunday, too?'))),
      ),
    ],
    expected: ['message wamid.M2', 'message wamid.M3', 'message wamid.M4'],
  },
  {
    name: 'a message of a type that is new',
    field: 'messages',
    deliveries: [ofChanges(messages(inbound('wamid.M5', { type: 'hologram', hologram: { id: '880000000000005' } })))],
    expected: ['message wamid.M5'],
  },
  {
    name: 'history: threads',
    field: 'history',
    deliveries: [
      ofChanges(
        change('history', {
          history: [
            {
              metadata: { phase: 1, chunk_order: 2, progress: 55 },
              threads: [
                {
                  id: customer,
                  messages: [
                    past(outbound('wamid.H1', text('Your order is ready')), 'READ'),
                    past(inbound('wamid.H2', text('Coming at five')), 'READ'),
                  ],
                },
              ],
            },
          ],
        }),
      ),
    ],
    expected: ['history wamid.H1 outbound', 'history wamid.H2 inbound'],
  },
  {
    name: 'history: a file',
    field: 'history',
    deliveries: [
      ofChanges(
        change('history', {
          messages: [inbound('wamid.H3', { type: 'image', image: { id: '880000000000003', mime_type: 'image/jpeg', sha256: 'q83v' } })],
        }),
      ),
    ],
    expected: ['history file wamid.H3'],
  },
  {
    name: 'history: declined',
    field: 'history',
    deliveries: [
      ofChanges(
        change('history', {
          history: [
            {
              errors: [
                {
                  code: 2593109,
                  title: 'History sync is turned off by the business from the WhatsApp Business App',
                  message: 'History sync is turned off by the business from the WhatsApp Business App',
                  error_data: { details: 'History sharing is turned off by the business' },
                },
              ],
            },
          ],
        }),
      ),
    ],
    expected: ['declined 2593109'],
  },
  {
    name: 'an echo of the app',
    field: 'smb_message_echoes',
    deliveries: [ofChanges(echoes(outbound('wamid.E1', text('We open at nine'))))],
    expected: ['echo wamid.E1'],
  },
  {
    name: 'an edit in the app',
    field: 'smb_message_echoes',
    deliveries: [
      ofChanges(
        echoes(
          outbound('wamid.E2', {
            type: 'edit',
            edit: { original_message_id: 'wamid.E1', message: { type: 'text', text: { body: 'At ten' } } },
          }),
        ),
      ),
    ],
    expected: ['edit wamid.E2 of wamid.E1'],
  },
  {
    name: 'a contact of the app',
    field: 'smb_app_state_sync',
    deliveries: [
      ofChanges(
        change('smb_app_state_sync', {
          state_sync: [
            {
              type: 'contact',
              action: 'add',
              contact: { full_name: 'Mara Novak', first_name: 'Mara', phone_number: customer },
              metadata: { timestamp: '1795301000' },
            },
          ],
        }),
      ),
    ],
    expected: [`contact add ${customer}`],
  },
  {
    name: 'the number was disconnected',
    field: 'account_update',
    deliveries: [
      ofChanges({
        field: 'account_update',
        value: {
          event: 'PARTNER_REMOVED',
          waba_info: { waba_id: place.wabaId, owner_business_id: '778800991122334' },
          disconnection_info: { reason: 'PRIMARY_INACTIVITY', initiated_by: 'SYSTEM' },
        },
      }),
    ],
    expected: [`disconnected ${place.wabaId}`],
  },
  {
    name: 'a forged message',
    field: 'messages',
    deliveries: [{ ...genuine, signature: `sha256=${'0'.repeat(64)}` }],
    expected: undefined,
  },
  {
    name: '“unavailable” (131060), then the message',
    field: 'messages',
    deliveries: [
      ofChanges(
        messages(
          inbound('wamid.M12', {
            type: 'unsupported',
            unsupported: { type: 'unknown' },
            errors: [
              {
                code: 131060,
                title: 'This message is unavailable.',
                message: 'This message is unavailable.',
                error_data: { details: 'This message is currently unavailable.' },
              },
            ],
          }),
        ),
      ),
      ofChanges(messages(inbound('wamid.M12', text('I saw your ad')))),
    ],
    expected: ['message wamid.M12', 'message wamid.M12'],
  },
];
