import { WhatsAppError } from './whatsapp-error.js';

/** Whether bytes of the request may have reached Meta when the connection failed. */
export type RequestDelivery = 'not-sent' | 'unknown';

/** No answer arrived: the connection could not be made, or broke. */
export class NetworkError extends WhatsAppError {
  override readonly name = 'NetworkError';
  override readonly kind = 'network';
  /** `not-sent` where the connection was never made (refused, name not found): Meta cannot have acted. */
  readonly delivery: RequestDelivery;

  constructor(message: string, delivery: RequestDelivery, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.delivery = delivery;
  }
}

/** No complete answer within the time allowed; Meta may have acted. */
export class TimeoutError extends WhatsAppError {
  override readonly name = 'TimeoutError';
  override readonly kind = 'timeout';
  /** The time allowed, in milliseconds. */
  readonly timeoutMs: number;

  constructor(message: string, timeoutMs: number) {
    super(message);
    this.timeoutMs = timeoutMs;
  }
}

/** The caller's signal ended the call. */
export class AbortedError extends WhatsAppError {
  override readonly name = 'AbortedError';
  override readonly kind = 'aborted';
  /** `not-sent` where the signal was aborted before the request left. */
  readonly delivery: RequestDelivery;

  constructor(message: string, delivery: RequestDelivery, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.delivery = delivery;
  }
}

/** Meta, or something on the way, answered with what is neither the expected JSON nor a Graph error (an HTML page, an empty body). */
export class InvalidResponseError extends WhatsAppError {
  override readonly name = 'InvalidResponseError';
  override readonly kind = 'invalid-response';
  readonly httpStatus: number;
  /** The beginning of what came, at most 500 characters, without secrets. */
  readonly body: string;

  constructor(message: string, httpStatus: number, body: string) {
    super(message);
    this.httpStatus = httpStatus;
    this.body = body;
  }
}
