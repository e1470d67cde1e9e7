import type { HeartbeatProof, HeartbeatStage, SignKind } from './heartbeat-state.js';

/** The heartbeat of a number. */
export interface Heartbeat {
  readonly phoneNumberId: string;
  /** `ok` says that opening the app is not yet due. It does not say that the link is alive: nothing but Meta can. */
  readonly stage: HeartbeatStage;
  /** When the app must next be opened on the phone. */
  readonly dueAt: Date;
  readonly urgentAt: Date;
  /** From then on the link is to be taken for lost. */
  readonly overdueAt: Date;
  /** The proof that the days are counted from. */
  readonly countsFrom: Date;
  /** What was last seen of the app, of any kind. */
  readonly lastSign?: { readonly kind: SignKind; readonly at: Date };
  /** When each kind was last seen. */
  readonly signs: Readonly<Partial<Record<SignKind, Date>>>;
  /**
   * What Meta answered last when asked for `is_on_biz_app` and `platform_type`. `linked: true` proves that the number was on both at that
   * moment, not that anybody used the phone: it moves no date.
   */
  readonly probe?: { readonly at: Date; readonly linked: boolean };
  /** When the link went for good; absent while it stands. */
  readonly endedAt?: Date;
}

/** What the heartbeat goes by. */
export interface HeartbeatOptions {
  /**
   * What counts as the app having been opened. `phone`: the signup, `recordAppOpened`, and a change of device, because echoes also come from
   * WhatsApp Web while the phone lies idle; `app-or-companion`: echoes and changed contacts, too, for businesses that only write on the phone.
   * @defaultValue `'phone'`
   */
  readonly proof?: HeartbeatProof | undefined;
  /** Whether Meta is asked, before a reminder is told, if the number is still on app and API. @defaultValue `true` */
  readonly probe?: boolean | undefined;
}

/** Reminds in time that the app must be opened on the phone. */
export interface HeartbeatModule {
  /** The heartbeat of a number, or `undefined` for one that nothing is known of. */
  get(phoneNumberId: string): Promise<Heartbeat | undefined>;
  /** Somebody opened the app on the phone, as the caller knows from that person. @defaultValue `at`: now */
  recordAppOpened(parameters: { readonly phoneNumberId: string; readonly at?: Date }): Promise<Heartbeat>;
  /**
   * Asks Meta whether the number is on the Business app and on Cloud API at this moment, and keeps the answer.
   *
   * @throws `GraphApiError`, `MissingCredentialsError` and the connection errors; then nothing is kept.
   */
  probe(phoneNumberId: string): Promise<Heartbeat>;
}
