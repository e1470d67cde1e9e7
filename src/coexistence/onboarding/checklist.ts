import type { CoexistencePolicy } from '../../policy/policy.js';

/** What a person does, or should know, around an onboarding. */
export type ChecklistItemId =
  | 'keep-app-open'
  | 'link-companions-again'
  | 'unsupported-companions'
  | 'open-app-regularly'
  | 'payment-method'
  | 'choose-number'
  | 'start-over';

/** One point of a checklist: data for a page of one's own. */
export interface ChecklistItem {
  /** For translations of one's own. */
  readonly id: ChecklistItemId;
  /** `do`: somebody should do it; `know`: nothing is to be done. */
  readonly kind: 'do' | 'know';
  /** Who: on the phone of the business, or in the business's account at Meta; `partner`: the platform itself. */
  readonly who: 'business' | 'partner';
  /** English, for people. */
  readonly text: string;
  /** Until when, where there is a date. */
  readonly until?: Date;
  /** The figures of the text. */
  readonly values: Readonly<Record<string, number>>;
}

/** What the checklist is about. */
export interface ChecklistParameters {
  /** Where the onboarding stands. */
  readonly state: 'pending' | 'choose-number' | 'done' | 'failed';
  readonly startedAt: Date;
  /** When contacts and history can no longer be asked for. */
  readonly syncDeadlineAt: Date;
  /** Who pays Meta: a Tech Provider's customer for itself, a Solution Partner for its customers. @defaultValue `'tech-provider'` */
  readonly partner?: 'tech-provider' | 'solution-partner' | undefined;
  readonly policy: CoexistencePolicy;
}

const dayMs = 86_400_000;

/**
 * What people do around an onboarding, as data: keep the app open, link companions again, what is not mirrored, when to open the app, who
 * pays. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
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
    return [
      item('start-over', 'do', 'business', 'No number of the app was connected: go through the sign-up again with the phone at hand.'),
    ];
  }
  const appDueAt = new Date(startedAt.getTime() + heartbeatDueDays * dayMs);
  return [
    ...(state === 'choose-number'
      ? [
          item(
            'choose-number',
            'do',
            'partner',
            'Several numbers could be meant: say which one it is.',
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
      'WhatsApp for Windows and WearOS do not work together with the API: what is written there does not arrive here, ever. Use WhatsApp Web or a Mac.',
    ),
    item(
      'open-app-regularly',
      'do',
      'business',
      `Open the app on the phone at least every ${String(heartbeatDueDays)} days. After about ${String(heartbeatOverdueDays)} days without it Meta ends the connection.`,
      { heartbeatDueDays, heartbeatOverdueDays },
      appDueAt,
    ),
    partner === 'tech-provider'
      ? item(
          'payment-method',
          'do',
          'business',
          'Add a payment method to the WhatsApp Business account: messages of the API are charged to it.',
        )
      : item(
          'payment-method',
          'do',
          'partner',
          'Share your credit line with the WhatsApp Business account: messages of the API are charged to it.',
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
