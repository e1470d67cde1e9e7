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
  readonly proof?: HeartbeatProof;
}

/** Reminds in time that the app must be opened on the phone. */
export interface HeartbeatModule {
  /** The heartbeat of a number, or `undefined` for one that nothing is known of. */
  get(phoneNumberId: string): Promise<Heartbeat | undefined>;
  /** Somebody opened the app on the phone, as the caller knows from that person. @defaultValue `at`: now */
  recordAppOpened(parameters: { readonly phoneNumberId: string; readonly at?: Date }): Promise<Heartbeat>;
}
