/** Meta's response to a change that succeeded. Otherwise, the action rejects. */
export interface SuccessResult {
  readonly success: true;
}

/** The object that Meta created. */
export interface CreatedId {
  readonly id: string;
}
