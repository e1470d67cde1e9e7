import type { SendGuard } from '../../sender/guard.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { MessageEvent } from '../../webhooks/events/messages.js';
import type { ServiceWindowStatus } from './service-window-state.js';

/** The window of one customer of one number. */
export interface ServiceWindow {
  /** Whether a message without a template may go out. `unknown`: the customer may have written before the number was watched; Meta decides. */
  readonly status: ServiceWindowStatus;
  /** When it closes, or closed; absent if no message of the customer is known. */
  readonly until?: Date;
  /** Until then every message is free, as the customer came from an ad. It keeps no window open. */
  readonly freeUntil?: Date;
}

/** How windows are watched. */
export interface ServiceWindowOptions {
  /** Whether a customer's message opens the window, where the caller knows better. @defaultValue all but reactions and what Meta does not hand over */
  readonly opens?: ((event: MessageEvent) => boolean | undefined) | undefined;
}

/** Knows until when each customer can be written to without a template. */
export interface ServiceWindowModule {
  /** For the sender: refuses a message without a template, with a `ServiceWindowClosedError`, while the window is closed. */
  readonly guard: SendGuard;
  /** The window of a customer. Any one id is enough. */
  get(parameters: { readonly phoneNumberId: string; readonly customer: Customer }): Promise<ServiceWindow>;
  /** A customer wrote at that moment, as the caller's own records tell: for numbers that were in use before the library was. */
  record(parameters: { readonly phoneNumberId: string; readonly customer: Customer; readonly wroteAt: Date }): Promise<ServiceWindow>;
}
