import type { Change } from './webhook-values.js';
import type { SyncType } from './entities.js';

/** Something that happens later. `id` names what it happens to. */
export type Task =
  /** A message that was sent through the API takes its next step. */
  | { readonly kind: 'progress'; readonly id: string }
  /** Contacts or history of a number go out. */
  | { readonly kind: 'sync'; readonly id: string; readonly syncType: SyncType }
  /** A webhook is created. */
  | { readonly kind: 'emit'; readonly id: string; readonly change: Change }
  /** A webhook that was held back goes to its receiver. */
  | { readonly kind: 'deliver'; readonly id: string; readonly change: Change }
  /** A delivery that failed is tried again. */
  | { readonly kind: 'retry'; readonly id: string }
  /** The app of a number wasn't opened for too long. */
  | { readonly kind: 'lose-link'; readonly id: string }
  /** A number is reconnected after a change of device. */
  | { readonly kind: 'reconnect'; readonly id: string }
  /** Meta has looked at a template. */
  | { readonly kind: 'review-template'; readonly id: string }
  /** The pause of a template is over. */
  | { readonly kind: 'unpause-template'; readonly id: string };

/** Returns whether `settled()` waits for it: what takes moments, and not what takes hours or days. */
export function isAwaited({ kind }: Task): boolean {
  return kind === 'progress' || kind === 'sync' || kind === 'emit' || kind === 'deliver' || kind === 'retry';
}
