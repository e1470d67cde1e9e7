/** Selects a phone number. */
export interface PhoneNumberParameters {
  /** ID of the phone number. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}
