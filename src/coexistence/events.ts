import type { ContactChanged } from './contacts/contacts.js';
import type { CostEntry } from './costs/cost-entry.js';
import type { HandoffAutomatic, HandoffReleased, HandoffAssigned } from './handoff/handoff.js';
import type { Heartbeat } from './heartbeat/heartbeat.js';
import type { NumberHistory, HistoryBatch, HistoryMedia } from './history/history.js';
import type { LifecycleChanged, TokenExpiring } from './lifecycle/lifecycle.js';
import type { Onboarding, SyncDeadline } from './onboarding/onboarding.js';
import type { NumberSync } from './sync/sync.js';

/**
 * What a coexistence number tells, by name. Every event comes at least once, and may come again: after a handler failed, a process ended, or
 * two processes found out the same. Handlers are awaited.
 */
export interface CoexistenceEvents {
  /** A number is onboarded: contacts and history were asked for, as far as Meta let. */
  readonly 'onboarding.done': Onboarding;
  /** Somebody has to say which of `numbers` it is: `onboarding.resume(id, { phoneNumberId })`. */
  readonly 'onboarding.choose-number': Onboarding;
  /** The account got no coexistence number in all the time there was. */
  readonly 'onboarding.failed': Onboarding;
  /** Meta took a request for contacts or history. What it asked for comes as webhooks, if at all. */
  readonly 'sync.requested': NumberSync;
  /** A request left and no answer tells whether Meta took it. It is not repeated. */
  readonly 'sync.unknown': NumberSync;
  /** Meta refused a request; `failure` says why and what the only remedy is. */
  readonly 'sync.refused': NumberSync;
  /** Contacts or history were not asked for yet, and the time for it is nearly over (6 hours left by default). Resume the onboarding. */
  readonly 'sync.deadline-near': SyncDeadline;
  /** The time for contacts or history is over, and something was not asked for. */
  readonly 'sync.deadline-passed': SyncDeadline;
  /** What one chunk holds of one thread, for a database: write it by wamid. Never for bots, notifications or unread counts. */
  readonly 'history.messages': HistoryBatch;
  /** A file of the past, for the placeholder with its wamid. */
  readonly 'history.media': HistoryMedia;
  /** A chunk came, or came again. */
  readonly 'history.progress': NumberHistory;
  /** Meta said 100 %, no chunk is known to be missing, and it has been quiet since. */
  readonly 'history.complete': NumberHistory;
  /** The business keeps its history on the phone, or Meta could not deliver it. */
  readonly 'history.declined': NumberHistory;
  /** Nothing came for hours although something is missing: `gaps` and `progress` say what. It goes on if something comes after all. */
  readonly 'history.stalled': NumberHistory;
  /** Somebody added, edited or removed a contact in the app. */
  readonly 'contact.changed': ContactChanged;
  /** Opening the app on the phone is due, urgent or overdue: each `stage` once. */
  readonly 'heartbeat.due': Heartbeat;
  /** A number was onboarded, moved to another device, came back, or lost its link: `status` says which. */
  readonly 'lifecycle.changed': LifecycleChanged;
  /** The business token ends soon (7 days left by default). */
  readonly 'token.expiring': TokenExpiring;
  /** The business token has ended: calls for the number fail until there is another. */
  readonly 'token.expired': TokenExpiring;
  /** A person took a thread: the bot is silent in it. */
  readonly 'handoff.assigned': HandoffAssigned;
  /** A thread returned to the bot. */
  readonly 'handoff.released': HandoffReleased;
  /** An echo came so soon after a customer's message that it is taken for the app's greeting or away message: nobody holds the thread for it. */
  readonly 'handoff.automatic': HandoffAutomatic;
  /** An outgoing message was attributed to app or API, or more became known of it: write it by `messageId`. */
  readonly 'cost.recorded': CostEntry;
}
