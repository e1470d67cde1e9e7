/** Webhooks about people, each with the IDs that a test chooses. */
export const phoneNumberId = '106540352242922';
export const startMs = 1_795_300_000_000;
const business = '15550100123';

/** IDs in an event. Events about people who hide their number have no `number`. */
export interface Ids {
  readonly number: string | undefined;
  readonly user: string | undefined;
  readonly parent?: string | undefined;
}

/** Builds a wamid in Meta's observed layout: peer, kind of peer, direction, token. */
export function wamid(peer: string, token: string): string {
  const isNumber = /^\d+$/.test(peer);
  const head = [0x1c, 0x18, peer.length, ...Buffer.from(peer), 0x15, isNumber ? 0x02 : 0x14, 0x00, 0x12, 0x18, token.length];
  return `wamid.${Buffer.from([...head, ...Buffer.from(token), 0x00]).toString('base64')}`;
}

export function delivery(field: string, value: object, id = phoneNumberId): unknown {
  const metadata = { display_phone_number: business, phone_number_id: id };
  const changes = [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }];
  return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', time: startMs / 1000, changes }] };
}

export const timeOf = (second: number): string => String(startMs / 1000 + second);

const peerOf = ({ number, user }: Ids): string => number ?? user ?? '';

/** The customer wrote. */
export const written = (ids: Ids, token: string, second: number, id?: string): unknown => {
  const sender = { from: ids.number, from_user_id: ids.user, from_parent_user_id: ids.parent };
  const message = { ...sender, id: wamid(peerOf(ids), token), timestamp: timeOf(second), type: 'text', text: { body: 'Hi' } };
  return delivery('messages', { messages: [message] }, id);
};

/** The business wrote in the app. */
export const echoed = (ids: Ids, token: string, second: number, id?: string): unknown => {
  const recipient = { to: ids.number, to_user_id: ids.user, to_parent_user_id: ids.parent };
  const echo = { from: business, ...recipient, id: wamid(peerOf(ids), token), timestamp: timeOf(second), type: 'text' };
  return delivery('smb_message_echoes', { message_echoes: [{ ...echo, text: { body: 'Yes' } }] }, id);
};

/** A message of the API has a new status. */
export const statusOf = (ids: Ids, token: string, second: number, status: string, id?: string): unknown => {
  const recipient = { recipient_id: ids.number, recipient_user_id: ids.user, recipient_parent_user_id: ids.parent };
  const pricing = { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' };
  const statuses = [{ id: wamid(peerOf(ids), token), status, timestamp: timeOf(second), ...recipient, pricing }];
  return delivery('messages', { statuses }, id);
};

/** The business saved a contact in the app. */
export const saved = ({ number, user, parent }: Ids, second: number, id?: string): unknown => {
  const contact = { full_name: 'Mara Lindqvist', phone_number: number, user_id: user, parent_user_id: parent };
  return delivery(
    'smb_app_state_sync',
    { state_sync: [{ type: 'contact', contact, action: 'add', metadata: { timestamp: timeOf(second) } }] },
    id,
  );
};

/** The customer opted out of marketing messages, or opted in again. */
export const chosen = ({ number, user, parent }: Ids, value: 'stop' | 'resume', second: number, id?: string): unknown => {
  const ids = { wa_id: number, user_id: user, parent_user_id: parent };
  const choice = { ...ids, category: 'marketing_messages', value, timestamp: timeOf(second) };
  return delivery('user_preferences', { user_preferences: [choice] }, id);
};

/** Meta reports new IDs of a customer. */
export const changedIds = (system: object, token: string, second: number, from?: string, id?: string): unknown =>
  delivery('messages', { messages: [{ from, id: `wamid.SYSTEM${token}`, timestamp: timeOf(second), type: 'system', system }] }, id);
