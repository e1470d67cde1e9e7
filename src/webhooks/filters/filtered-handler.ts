import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { EventHandler, Subscribable } from '../../runtime/emitter.js';
import type { ReceivedEvent, WebhookEvents } from '../received-event.js';
import type { MessageEvent } from '../fields/messages.js';
import { messageMatcher, type MessageFilter, type MessageMatch } from './message-filter.js';

/** Handles messages that pass a filter. */
export type FilteredHandler<Filter extends MessageFilter, Tenant = never> = (
  event: ReceivedEvent<MessageEvent, Tenant>,
  match: MessageMatch<Filter>,
) => void | Promise<void>;

/** Registers handlers, optionally for the messages that pass a filter. */
export interface FilteredOn<Tenant = never> {
  /**
   * Calls `handler` for each message that passes the filter. Returns a function that removes this registration. `off`
   * doesn't know these handlers.
   *
   * The handler receives the data of the message as its second argument: the data of a callback, the groups of a
   * pattern, or the answers of a Flow. Patterns run on texts of customers, so avoid nested quantifiers.
   *
   * @param name - `message`.
   * @param filter - The conditions. A message passes if one of them applies.
   * @param handler - The handler.
   * @throws `InvalidArgumentError` if the filter is malformed
   *
   * @example
   * ```ts
   * import { createWebhooks } from 'wa-coexist/webhooks';
   *
   * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
   * webhooks.on('message', { text: /^order (?<id>\d+)$/i }, (event, { groups }) => {
   *   console.log('asks about', groups.id);
   * });
   * ```
   */
  <const Filter extends MessageFilter>(name: 'message', filter: Filter, handler: FilteredHandler<Filter, Tenant>): () => void;
  /** Calls `handler` for every event of this name. Returns a function that removes this registration. */
  <Name extends keyof WebhookEvents<Tenant>>(name: Name, handler: EventHandler<WebhookEvents<Tenant>[Name]>): () => void;
}

/** Checks the arguments of a registration. */
type CheckHandler = (method: string, name: unknown, handler: unknown) => void;

/**
 * Adds filters to the `on` of an emitter.
 *
 * @param subscribable - The emitter.
 * @param checkHandler - Checks the name and the handler.
 */
export function filteredOn<Tenant>(subscribable: Subscribable<WebhookEvents<Tenant>>, checkHandler: CheckHandler): FilteredOn<Tenant> {
  const on = (name: keyof WebhookEvents<Tenant>, ...rest: readonly unknown[]): (() => void) => {
    const [filter, handler] = rest.length > 1 ? rest : [undefined, rest[0]];
    checkHandler('webhooks.on', name, handler);
    // `checkHandler` has checked that it is a function. The overloads define its parameters.
    const call = handler as (event: ReceivedEvent<MessageEvent, Tenant>, match?: unknown) => void | Promise<void>;
    if (filter === undefined) return subscribable.on(name, call as EventHandler<WebhookEvents<Tenant>[typeof name]>);
    if (name !== 'message') throw new InvalidArgumentError('webhooks.on', 'name', 'must be message, because only messages have filters');
    const match = messageMatcher(filter);
    if (!match) {
      throw new InvalidArgumentError(
        'webhooks.on',
        'filter',
        "must be 'reply', 'text', 'button', 'list', 'flow', or an object with text, button, list or flow",
      );
    }
    const filtered = (event: ReceivedEvent<MessageEvent, Tenant>): void | Promise<void> => {
      const found = match(event.message);
      if (found instanceof Promise) return found.then((result) => (result === undefined ? undefined : call(event, result)));
      return found === undefined ? undefined : call(event, found);
    };
    return subscribable.on('message', filtered);
  };
  return on;
}
