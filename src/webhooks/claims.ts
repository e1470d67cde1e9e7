/** How long an event is remembered: Meta repeats a delivery for up to seven days, and a day is added. Source: Meta, Webhooks overview (Nov 2025). */
export const rememberedMs: number = 8 * 24 * 60 * 60 * 1000;

/** An event that this process alone may handle now. */
export interface Claim {
  readonly state: 'mine';
  /** 1 for the first try of this event, wherever it was made. */
  readonly attempt: number;
  /** Records that the event was handled, so that its duplicates are skipped. */
  done(): void | Promise<void>;
  /** Gives the event back: its next copy is handled. */
  giveBack(): void | Promise<void>;
}

/** Result of the attempt to acquire an event: acquired, already handled, or in progress elsewhere. */
export type ClaimResult = Claim | { readonly state: 'done' } | { readonly state: 'running' };

/** Decides which process handles an event. */
export interface Claims {
  /** Never throws synchronously. */
  claim(key: string): ClaimResult | Promise<ClaimResult>;
}
