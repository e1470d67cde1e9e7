import type { CoexistencePolicy } from '../../policy/policy.js';

/** An item of the onboarding checklist. */
export type ChecklistItemId =
  | 'keep-app-open'
  | 'link-companions-again'
  | 'unsupported-companions'
  | 'open-app-regularly'
  | 'payment-method'
  | 'choose-number'
  | 'start-over';

/** One item of the checklist, as data for your own page. */
export interface ChecklistItem {
  /** The ID, for your own translations. */
  readonly id: ChecklistItemId;
  /** `do`: an action for a person. `know`: information without an action. */
  readonly kind: 'do' | 'know';
  /** The responsible party. `business`: on the phone, or in the business's Meta account. `partner`: your platform. */
  readonly who: 'business' | 'partner';
  /** English text for people. */
  readonly text: string;
  /** The deadline, if there is one. */
  readonly until?: Date;
  /** The numbers in the text. */
  readonly values: Readonly<Record<string, number>>;
}

/** Parameters of {@link onboardingChecklist}. */
export interface ChecklistParameters {
  /** The status of the onboarding. */
  readonly state: 'pending' | 'choose-number' | 'done' | 'failed';
  readonly startedAt: Date;
  /** The deadline of the requests for contacts and history. */
  readonly syncDeadlineAt: Date;
  /**
   * The kind of partner, which decides who pays Meta. The customer of a Tech Provider pays for itself. A Solution
   * Partner pays for its customers.
   * @defaultValue `'tech-provider'`
   */
  readonly partner?: 'tech-provider' | 'solution-partner' | undefined;
  readonly policy: CoexistencePolicy;
}

const dayMs = 86_400_000;

/**
 * Returns the manual steps of an onboarding, for example for a page of your product. They cover keeping the app open,
 * relinking companion devices, unsupported devices, opening the app regularly, and payment.
 *
 * Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @param parameters - The status and the dates of the onboarding, the kind of partner, and the policy.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, onboardingChecklist } from 'wa-coexist/coexistence';
 *
 * const startedAt = new Date();
 * const syncDeadlineAt = new Date(startedAt.getTime() + 86_400_000);
 * const items = onboardingChecklist({ state: 'done', startedAt, syncDeadlineAt, policy: coexistencePolicy() });
 * for (const { kind, text } of items) console.log(kind, text);
 * ```
 */
export function onboardingChecklist(parameters: ChecklistParameters): readonly ChecklistItem[] {
  const { state, startedAt, syncDeadlineAt, partner = 'tech-provider', policy } = parameters;
  const { companionDevices, heartbeatDueDays, heartbeatOverdueDays, syncWindowHours } = policy.limits;
  if (state === 'failed') {
    return [item('start-over', 'do', 'business', 'No number of the app was connected. Sign up again, with the phone at hand.')];
  }
  const appDueAt = new Date(startedAt.getTime() + heartbeatDueDays * dayMs);
  return [
    ...(state === 'choose-number'
      ? [
          item(
            'choose-number',
            'do',
            'partner',
            'The account has several numbers. Choose the one to connect.',
            { syncWindowHours },
            syncDeadlineAt,
          ),
        ]
      : []),
    item(
      'keep-app-open',
      'do',
      'business',
      'Keep the WhatsApp Business app open on the phone while contacts and chats are transferred.',
      {},
    ),
    item(
      'link-companions-again',
      'do',
      'business',
      `All linked devices were unlinked. Link them again in the app: up to ${String(companionDevices)}.`,
      { companionDevices },
    ),
    item(
      'unsupported-companions',
      'know',
      'business',
      "WhatsApp for Windows and WearOS don't work with the API. Messages that you send there never arrive here. Use WhatsApp Web or a Mac.",
    ),
    item(
      'open-app-regularly',
      'do',
      'business',
      `Open the app on the phone at least every ${String(heartbeatDueDays)} days. After about ${String(heartbeatOverdueDays)} days without use, Meta ends the connection.`,
      { heartbeatDueDays, heartbeatOverdueDays },
      appDueAt,
    ),
    partner === 'tech-provider'
      ? item('payment-method', 'do', 'business', 'Add a payment method to the WhatsApp Business account. Meta charges API messages to it.')
      : item(
          'payment-method',
          'do',
          'partner',
          'Share your credit line with the WhatsApp Business account. Meta charges API messages to it.',
        ),
  ];
}

function item(
  id: ChecklistItemId,
  kind: ChecklistItem['kind'],
  who: ChecklistItem['who'],
  text: string,
  values: ChecklistItem['values'] = {},
  until?: Date,
): ChecklistItem {
  return { id, kind, who, text, values, ...(until && { until }) };
}
