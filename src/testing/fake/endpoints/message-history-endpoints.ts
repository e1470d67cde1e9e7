import { findMessage } from '../message-ids.js';
import type { Answer, ChatMessage } from '../entities.js';
import type { World } from '../world.js';
import { optionalText, type AuthorizedCall, type Call, type NumberCall, type Routes } from './call.js';
import { pageOf } from './listing.js';

/** `GET /{phone-number-id}/message_history`. Source: Meta's OpenAPI file (v23.0, Nov 2025). */
export const messageHistoryRoutes: Routes<NumberCall> = {
  'GET message_history'(call) {
    const { world } = call.state;
    const asked = optionalText(call, 'message_id');
    const wanted = asked === undefined ? undefined : (findMessage(world, asked)?.id ?? asked);
    const messages = [...world.sent.values()].filter(
      ({ id, phoneNumberId }) => phoneNumberId === call.number.id && (wanted === undefined || id === wanted),
    );
    return pageOf(
      call,
      messages.map(({ id }) => ({
        id: historyIdOf(id),
        message_id: id,
        events: {
          data: eventsOf(world, id).map((event) => ({
            id: event.id,
            delivery_status: event.status,
            timestamp: Math.floor(event.atMs / 1_000),
            webhook_update_state: 'DELIVERED',
            application: { id: world.app.id },
          })),
        },
      })),
    );
  },
};

/** The message whose history has this id. */
export function messageWithHistory({ state: { world } }: Call, historyId: string): ChatMessage | undefined {
  const sent = [...world.sent.keys()].find((id) => historyIdOf(id) === historyId);
  return sent === undefined ? undefined : world.messages.get(sent);
}

/** `GET /{message-history-id}/events`. */
export function listEvents(call: AuthorizedCall, message: ChatMessage): Answer {
  const { world } = call.state;
  const wanted = optionalText(call, 'status_filter');
  const events = eventsOf(world, message.id).filter(({ status }) => wanted === undefined || status === wanted);
  return pageOf(
    call,
    events.map(({ id, status, atMs }) => ({
      cursor: btoa(id),
      node: {
        id,
        delivery_status: status,
        occurrence_timestamp: Math.floor(atMs / 1_000),
        status_timestamp: Math.floor(atMs / 1_000),
        application: { id: world.app.id, name: 'Fake app' },
      },
    })),
  );
}

function eventsOf(world: World, messageId: string): NonNullable<ChatMessage['events']> {
  return world.messages.get(messageId)?.events ?? [];
}

/** Digits made of a wamid: the same for the same one. */
function historyIdOf(messageId: string): string {
  let value = 7;
  for (const character of messageId) value = (value * 31 + character.charCodeAt(0)) % 900_000_000_000_000;
  return String(100_000_000_000_000 + value);
}
