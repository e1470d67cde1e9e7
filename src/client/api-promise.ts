import { InvalidResponseError } from '../errors/connection-errors.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';

/** An answer of Meta's with what the body does not hold. */
export interface ApiResult<Data> {
  readonly data: Data;
  readonly response: ApiResponse;
}

/** The HTTP side of an answer. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** `x-fb-trace-id`, for support tickets. */
  readonly fbtraceId?: string;
}

/**
 * The promise that every action returns: awaiting it gives the data, `.withResponse()` gives status and headers as well.
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
    // The base promise is never read: then, catch and finally below all go to the answer.
    super(() => undefined);
    this.#answer = answer;
  }

  /** Promises derived from this one are plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** The data together with status, headers and Meta's trace id. */
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

  /** The same call with its data changed; the response stays. */
  map<Next>(change: (data: Data) => Next): ApiPromise<Next> {
    return new ApiPromise(
      this.#answer.then(({ data, response }) => {
        try {
          return { data: change(data), response };
        } catch (error) {
          if (error instanceof WhatsAppError) throw error;
          throw new InvalidResponseError('The response of Meta lacks a member that the action reads.', response.status, '');
        }
      }),
    );
  }
}
