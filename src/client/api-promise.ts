import { InvalidResponseError } from '../errors/connection-errors.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';

/** Data of a response, with its HTTP status and headers. */
export interface ApiResult<Data> {
  readonly data: Data;
  readonly response: ApiResponse;
}

/** HTTP status and headers of a response. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Meta's trace ID (`x-fb-trace-id`), for support tickets. */
  readonly fbtraceId?: string;
}

/**
 * Promise that every action returns. Await it for the data, or call `.withResponse()` for status and headers as well.
 *
 * @example
 * ```ts
 * import { createClient, getPhoneNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { data, response } = await getPhoneNumber(client).withResponse();
 * console.log(data.display_phone_number, response.fbtraceId);
 * ```
 */
export class ApiPromise<Data> extends Promise<Data> {
  readonly #answer: Promise<ApiResult<Data>>;

  constructor(answer: Promise<ApiResult<Data>>) {
    // The base promise is unused, because `then`, `catch` and `finally` use the response.
    super(() => undefined);
    this.#answer = answer;
  }

  /** Makes derived promises plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** Returns the data together with the HTTP status, the headers and Meta's trace ID. */
  withResponse(): Promise<ApiResult<Data>> {
    return this.#answer;
  }

  override then<Fulfilled = Data, Rejected = never>(
    onFulfilled?: ((data: Data) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#answer.then((answer) => answer.data).then(onFulfilled, onRejected);
  }

  override catch<Rejected = never>(onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null): Promise<Data | Rejected> {
    return this.then(undefined, onRejected);
  }

  override finally(onFinally?: (() => void) | null): Promise<Data> {
    return this.#answer.then((answer) => answer.data).finally(onFinally);
  }

  /**
   * Returns the same call with changed data and the same response.
   *
   * @param change - Returns the new data.
   */
  map<Next>(change: (data: Data) => Next): ApiPromise<Next> {
    return new ApiPromise(
      this.#answer.then(({ data, response }) => {
        try {
          return { data: change(data), response };
        } catch (error) {
          if (error instanceof WhatsAppError) throw error;
          throw new InvalidResponseError("Meta's response lacks a field that the action needs.", response.status, '');
        }
      }),
    );
  }
}
