import type { ContactChanged } from './contacts/contacts-module.js';
import type { CostEntry } from './costs/cost-entry.js';
import type { HandoffAutomatic, HandoffReleased, HandoffAssigned } from './handoff/handoff-module.js';
import type { Heartbeat } from './heartbeat/heartbeat-module.js';
import type { NumberHistory, HistoryBatch, HistoryMedia } from './history/history-module.js';
import type { LifecycleChanged, TokenExpiring } from './lifecycle/lifecycle-module.js';
import type { CompletedOnboarding, NumberChoiceOnboarding, SyncDeadline, UnfinishedOnboarding } from './onboarding/onboarding-module.js';
import type { NumberSync } from './sync/sync-module.js';

/**
 * The events of {@link Coexistence}, by name. Each event is emitted at least once. It may be emitted again if a handler
 * fails, a process ends, or two processes detect the same change. The emitter awaits the handlers.
 */
export interface CoexistenceEvents {
  /** A number is onboarded. Contacts and history were requested, as far as Meta allowed it. */
  readonly 'onboarding.done': CompletedOnboarding;
  /** The account has several numbers. Call `onboarding.resume(id, { phoneNumberId })` with one of `numbers`. */
  readonly 'onboarding.choose-number': NumberChoiceOnboarding;
  /** The account had no coexistence number before the deadline. */
  readonly 'onboarding.failed': UnfinishedOnboarding;
  /** Meta accepted a request for contacts or history. The data arrives as webhooks, if at all. */
  readonly 'sync.requested': NumberSync;
  /** A request was sent, but its result is unknown. The library doesn't repeat it. */
  readonly 'sync.unknown': NumberSync;
  /** Meta rejected a request. `failure` contains the reason and the only remedy. */
  readonly 'sync.rejected': NumberSync;
  /**
   * Contacts or history aren't requested yet, and the deadline is near (6 hours left by default). Resume the
   * onboarding.
   */
  readonly 'sync.deadline-near': SyncDeadline;
  /** The deadline for contacts or history has passed, and at least one of them wasn't requested. */
  readonly 'sync.deadline-passed': SyncDeadline;
  /**
   * The messages of one thread in one history chunk, for a database. Upsert them by wamid. Don't use them for bots,
   * notifications or unread counts.
   */
  readonly 'history.messages': HistoryBatch;
  /** A file of the history, for the placeholder with the same wamid. */
  readonly 'history.media': HistoryMedia;
  /** A history chunk arrived or was redelivered. */
  readonly 'history.progress': NumberHistory;
  /** Meta reported 100 %, no chunk is known to be missing, and no chunk has arrived for a while. */
  readonly 'history.complete': NumberHistory;
  /** The business doesn't share its history, or Meta couldn't deliver it. */
  readonly 'history.declined': NumberHistory;
  /**
   * No chunk has arrived for hours although the history is incomplete. See `gaps` and `progress`. The import continues
   * if a chunk arrives later.
   */
  readonly 'history.stalled': NumberHistory;
  /** A person added, edited or removed a contact in the app. */
  readonly 'contact.changed': ContactChanged;
  /** Opening the app on the phone is due, urgent or overdue. Each `stage` is emitted once. */
  readonly 'heartbeat.due': Heartbeat;
  /** A number was onboarded, moved to another device, reconnected, or disconnected. See `status`. */
  readonly 'lifecycle.changed': LifecycleChanged;
  /** The business token expires soon (7 days left by default). */
  readonly 'token.expiring': TokenExpiring;
  /** The business token has expired. Calls for the number fail until you save a new token. */
  readonly 'token.expired': TokenExpiring;
  /** A thread was assigned to a person. The bot is silent in it. */
  readonly 'handoff.assigned': HandoffAssigned;
  /** A thread was released to the bot. */
  readonly 'handoff.released': HandoffReleased;
  /**
   * An echo arrived right after a customer's message, so it counts as the app's greeting or away message. The thread
   * isn't assigned.
   */
  readonly 'handoff.automatic': HandoffAutomatic;
  /** An outgoing message was attributed to the app or the API, or has new details. Upsert it by `messageId`. */
  readonly 'cost.recorded': CostEntry;
}
