/** Selects a phone number. */
export interface PhoneNumberParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}
