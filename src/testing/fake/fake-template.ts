/**
 * Actions of Meta on a template. Each one sends a webhook.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ subscribedFields: ['messages', 'message_template_status_update'] });
 * const { wabaId } = fake.coexistenceNumber();
 * const id = fake.addTemplate(wabaId, { name: 'order_ready', body: 'Your order is ready.' });
 * fake.template(id).pause();
 * await fake.settled();
 * console.log(fake.template(id).status);
 * ```
 */
export interface FakeTemplate {
  readonly id: string;
  readonly wabaId: string;
  readonly name: string;
  readonly language: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` or another of Meta's. */
  readonly status: string;
  readonly category: string;
  /** The components in Meta's shape. */
  readonly components: readonly Readonly<Record<string, unknown>>[];
  /** Approves it, or brings it back. */
  approve(): void;
  /** Rejects it. @defaultValue `reason` is `'INVALID_FORMAT'` */
  reject(reason?: string): void;
  /** Pauses it for its quality: for 3 hours, the second time for 6, and the third time it is disabled. */
  pause(): void;
  /** Disables it. */
  disable(): void;
  /** Rates it: `GREEN`, `YELLOW`, `RED`. */
  rate(quality: string): void;
  /** Moves it to another category. */
  recategorise(category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'): void;
}
