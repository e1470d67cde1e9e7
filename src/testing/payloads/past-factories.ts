import { declinedError, historyMediaValue, historyThread, pastMessage, type WebhookValue } from '../fake/webhook-values.js';
import type { Factories } from './factories.js';
import { membersOf } from './message-items.js';
import type { PayloadHistoryThread } from './payload-overrides.js';
import { changeOf, numberChange, personFactsOf, sceneOf, wamid, type Scene } from './scene.js';

/** Payloads of the data after onboarding: chats and contacts. */
export const pastFactories: Factories<'history.chunk' | 'history.media' | 'history.declined' | 'contact'> = {
  'history.chunk'({ phase = 0, chunkOrder = 1, progress = 100, threads = usualThreads, ...place }) {
    const scene = sceneOf(place);
    const chunk = { metadata: { phase, chunk_order: chunkOrder, progress }, threads: threads.map((thread) => threadItem(scene, thread)) };
    return numberChange(scene, 'history', { history: [chunk] });
  },
  'history.media'({ direction = 'inbound', message = { type: 'image', image: {} }, ...place }) {
    const scene = sceneOf(place);
    const { number, person, atMs } = scene;
    const sender = direction === 'inbound' ? 'customer' : 'app';
    return changeOf(
      scene,
      'history',
      historyMediaValue(number, person, { id: wamid(person, sender), atMs, content: membersOf(message), sender }),
    );
  },
  'history.declined': ({ error, ...place }) =>
    numberChange(sceneOf(place), 'history', { history: [{ errors: [{ ...declinedError(), ...error }] }] }),
  contact({ action = 'add', contact, ...place }) {
    const scene = sceneOf(place);
    const { person } = scene;
    const item = {
      type: 'contact',
      action,
      contact: {
        ...(action === 'add' && { full_name: person.name, first_name: person.name.split(' ')[0] }),
        ...(!person.hidesNumber && { phone_number: person.waId }),
        user_id: person.userId,
        ...(person.parentUserId !== undefined && { parent_user_id: person.parentUserId }),
        ...(person.username !== undefined && { username: person.username }),
        ...contact,
      },
      metadata: { timestamp: scene.timestamp },
    };
    return numberChange(scene, 'smb_app_state_sync', { state_sync: [item] });
  },
};

const usualThreads: readonly PayloadHistoryThread[] = [
  { messages: [{ message: 'Is my order ready?' }, { direction: 'outbound', message: 'Your order is ready' }] },
];

/** An element of `threads`. */
function threadItem({ number, atMs }: Scene, { customer, messages }: PayloadHistoryThread): WebhookValue {
  const person = personFactsOf(customer);
  return historyThread(
    person,
    messages.map(({ direction = 'inbound', occurredAt, status = 'READ', message }) => {
      const content = membersOf(message);
      const sender = direction === 'inbound' ? 'customer' : 'app';
      return pastMessage(number, person, { id: wamid(person, sender), atMs: occurredAt?.getTime() ?? atMs, content, sender, status });
    }),
  );
}
