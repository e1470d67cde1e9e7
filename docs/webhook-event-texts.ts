import type { WebhookEvent } from 'wa-coexist/webhooks';
import type * as Registry from '../src/webhooks/fields/registry.ts';

// The registry is not part of an entry, so its types are those of the source.
const registry = (await import(new URL('../dist/webhooks/fields/registry.js', import.meta.url).href)) as Pick<
  typeof Registry,
  'fieldExamples'
>;
const { fieldExamples } = registry;

/** Types of events whose fields have an example in the registry, which contains their text. */
type ExampleType = keyof typeof fieldExamples;
const exampleTypes = Object.keys(fieldExamples) as ExampleType[];

/** When Meta sends the other events. Leaving out a type doesn't compile. */
const otherTexts: Readonly<Record<Exclude<WebhookEvent['type'], ExampleType>, string>> = {
  message: 'A customer sent a message. Messages of the history never arrive as this event.',
  'message.edit': 'A customer edited a message. Only coexistence numbers receive this.',
  'message.revoke': 'A customer deleted a message. Only coexistence numbers receive this.',
  status: 'A message that you sent through the API was sent, delivered, read, played or failed. The order is not guaranteed.',
  echo: 'Your team sent a message in the Business app or on a companion device.',
  'echo.edit': 'Your team edited a message in the Business app.',
  'echo.revoke': 'Your team deleted a message in the Business app.',
  'history.chunk': 'A part of the chats of the last 180 days. Chunks arrive in any order, and more than once.',
  'history.media': 'The file of a placeholder in the history. It has the wamid of the placeholder.',
  'history.declined': "The business doesn't share its history (2593109), or Meta couldn't deliver it.",
  contact: 'Your team added, edited or removed a contact in the app. All contacts arrive after you requested them.',
  'account.offboarded': 'The number moved to another phone. The API is suspended until `account.reconnected`.',
  'account.reconnected': 'The number is available on the API again. This can arrive before `account.offboarded`, so compare `occurredAt`.',
  'account.disconnected': 'The link between app and API ended. Only another onboarding restores it.',
  'account.update': 'Another change of the account, for example a violation or a restriction.',
  'account.error': 'Meta reports an error of the app, the account or the number that belongs to no single message.',
  call: 'A call started or ended, or its recording or transcription is available.',
  'call.status': 'A call of the business rings, was accepted or was rejected.',
  conversation_context: 'The messages before a conversation was passed to this app (beta).',
  'standby.message': "A customer sent a message in a conversation of another app (beta). Don't reply to it.",
  'standby.echo': 'The business sent a message in a conversation of another app (beta).',
  'standby.status': 'The status of a message that another app sent (beta).',
  user_actions: 'A customer tapped a link of a marketing message.',
  unknown: "A field that this version doesn't know. Its content is in `raw`.",
};

/** When Meta sends each event, in the order of the guide. */
export const eventTexts: ReadonlyMap<WebhookEvent['type'], string> = new Map<WebhookEvent['type'], string>([
  ...(Object.entries(otherTexts) as [keyof typeof otherTexts, string][]),
  ...exampleTypes.map((type): [ExampleType, string] => [type, fieldExamples[type].text]),
]);
