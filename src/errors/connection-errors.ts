import { WhatsAppError } from './whatsapp-error.js';

/** Whether Meta may have received the request before it failed. `not-sent`: no. `unknown`: possibly. */
export type RequestDelivery = 'not-sent' | 'unknown';

/** Thrown if the connection to Meta failed or broke before the response. */
export class NetworkError extends WhatsAppError {
  override readonly name = 'NetworkError';
  override readonly kind = 'network';
  /**
   * `not-sent` if the connection was never made (refused, or host not found). Meta can't have received the request.
   */
  readonly delivery: RequestDelivery;

  constructor(message: string, delivery: RequestDelivery, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.delivery = delivery;
  }
}

/** Thrown if Meta sent no complete response in time. Meta may have processed the request. */
export class TimeoutError extends WhatsAppError {
  override readonly name = 'TimeoutError';
  override readonly kind = 'timeout';
  /** The timeout in milliseconds. */
  readonly timeoutMs: number;

  constructor(message: string, timeoutMs: number) {
    super(message);
    this.timeoutMs = timeoutMs;
  }
}

/** Thrown if the caller's abort signal ended the request. */
export class AbortedError extends WhatsAppError {
  override readonly name = 'AbortedError';
  override readonly kind = 'aborted';
  /** `not-sent` if the signal was aborted before the request was sent. */
  readonly delivery: RequestDelivery;

  constructor(message: string, delivery: RequestDelivery, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.delivery = delivery;
  }
}

/**
 * Thrown if the response is neither the expected JSON nor a Graph API error, for example an HTML page of a proxy or an
 * empty body.
 */
export class InvalidResponseError extends WhatsAppError {
  override readonly name = 'InvalidResponseError';
  override readonly kind = 'invalid-response';
  readonly httpStatus: number;
  /** The first 500 characters of the body, without secrets. */
  readonly body: string;

  constructor(message: string, httpStatus: number, body: string) {
    super(message);
    this.httpStatus = httpStatus;
    this.body = body;
  }
}
