import type { SendGuard } from '../../sender/guard.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { MessageEvent } from '../../webhooks/fields/messages.js';
import type { ServiceWindowStatus } from './service-window-state.js';

/** The service window of one customer of one number. */
export interface ServiceWindow {
  /**
   * Whether you can send a message without a template. `unknown`: the customer may have written before the number was
   * watched, so Meta decides.
   */
  readonly status: ServiceWindowStatus;
  /** The end of the window, in the future or the past. Absent if no message of the customer is known. */
  readonly until?: Date;
  /** All messages are free until this time because the customer came from an ad. It doesn't extend the window. */
  readonly freeUntil?: Date;
}

/** Options of the service window module. */
export interface ServiceWindowOptions {
  /**
   * Decides whether a customer's message opens the window. Return `undefined` for the default.
   * @defaultValue all messages except reactions and messages that Meta couldn't deliver
   */
  readonly opens?: ((event: MessageEvent) => boolean | undefined) | undefined;
}

/** Tracks until when you can write to each customer without a template. */
export interface ServiceWindowModule {
  /**
   * A guard for the sender. While the window is closed, it rejects messages without a template with a
   * `ServiceWindowClosedError`.
   */
  readonly guard: SendGuard;
  /**
   * Returns the window of a customer.
   *
   * @param parameters - The number, and at least one ID of the customer.
   */
  get(parameters: { readonly phoneNumberId: string; readonly customer: Customer }): Promise<ServiceWindow>;
  /**
   * Records a customer's message from your own data. Use it for numbers that were in use before the library.
   *
   * @param parameters - The number, the customer and the time of the message.
   */
  record(parameters: { readonly phoneNumberId: string; readonly customer: Customer; readonly wroteAt: Date }): Promise<ServiceWindow>;
}
