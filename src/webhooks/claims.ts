/**
 * How long handled events are stored. Meta redelivers for up to seven days, and one day is added. Source: Meta,
 * Webhooks overview (Nov 2025).
 */
export const rememberedMs: number = 8 * 24 * 60 * 60 * 1000;

/** An event that only this process may handle now. */
export interface Claim {
  readonly state: 'mine';
  /** Number of the attempt to handle this event, over all processes. Starts at 1. */
  readonly attempt: number;
  /** Records that the event was handled, so that its duplicates are skipped. */
  done(): void | Promise<void>;
  /** Releases the event, so that its next duplicate is handled. */
  release(): void | Promise<void>;
}

/** Result of the attempt to acquire an event: acquired, already handled, or in progress elsewhere. */
export type ClaimResult = Claim | { readonly state: 'done' } | { readonly state: 'running' };

/** Decides which process handles an event. */
export interface Claims {
  /** Never throws synchronously. */
  claim(key: string): ClaimResult | Promise<ClaimResult>;
}
