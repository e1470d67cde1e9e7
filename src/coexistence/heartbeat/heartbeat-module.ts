import type { HeartbeatProof, HeartbeatStage, SignKind } from './heartbeat-state.js';

/** The heartbeat of a number. */
export interface Heartbeat {
  readonly phoneNumberId: string;
  /**
   * `ok` means that opening the app isn't due yet. It doesn't mean that the number is connected. Only Meta knows that.
   */
  readonly stage: HeartbeatStage;
  /** The time by which the app should be opened on the phone. */
  readonly dueAt: Date;
  readonly urgentAt: Date;
  /** Time after which the number is probably disconnected. */
  readonly overdueAt: Date;
  /** Time of the proof that the days are counted from. */
  readonly countsFrom: Date;
  /** The last sign of any kind. */
  readonly lastSign?: { readonly kind: SignKind; readonly at: Date };
  /** The last time of each kind of sign. */
  readonly signs: Readonly<Partial<Record<SignKind, Date>>>;
  /**
   * Meta's last response for `is_on_biz_app` and `platform_type`. `linked: true` proves that the number was on both at
   * that time. It doesn't prove that the phone was used, so it moves no date.
   */
  readonly probe?: { readonly at: Date; readonly linked: boolean };
  /** Time of the final disconnection. Absent while the number is connected. */
  readonly endedAt?: Date;
}

/** Options of the heartbeat module. */
export interface HeartbeatOptions {
  /**
   * The signs that count as opening the app. `phone`: the signup, `recordAppOpened`, and a change of device. Echoes
   * don't count because WhatsApp Web also sends them while the phone is idle. `app-or-companion`: also echoes and
   * changed contacts. Use it for businesses that only write on the phone.
   * @defaultValue `'phone'`
   */
  readonly proof?: HeartbeatProof | undefined;
  /**
   * Whether to ask Meta before each reminder if the number is still on the app and the API.
   * @defaultValue `true`
   */
  readonly probe?: boolean | undefined;
}

/** Reminds you in time to open the app on the phone. */
export interface HeartbeatModule {
  /**
   * Returns the heartbeat of a number, or `undefined` if the number is unknown.
   *
   * @param phoneNumberId - The number.
   */
  get(phoneNumberId: string): Promise<Heartbeat | undefined>;
  /**
   * Records that a person opened the app on the phone.
   *
   * @param parameters - The number, and the time `at`. The default is now.
   */
  recordAppOpened(parameters: { readonly phoneNumberId: string; readonly at?: Date | undefined }): Promise<Heartbeat>;
  /**
   * Asks Meta whether the number is on the Business app and the Cloud API, and stores the response.
   *
   * @param phoneNumberId - The number.
   * @throws `GraphApiError`, `MissingCredentialsError` and the connection errors. Then no response is stored.
   */
  probe(phoneNumberId: string): Promise<Heartbeat>;
}
