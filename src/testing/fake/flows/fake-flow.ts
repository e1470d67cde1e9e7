import type { FakeReceiver } from '../fake-delivery.js';

/** How a customer opens a Flow. */
export interface FakeFlowOptions {
  /** The endpoint: an address, or a function such as `endpoint.fetch`. @defaultValue the `endpoint_uri` of the Flow */
  readonly endpoint?: FakeReceiver | undefined;
}

/** A file for a PhotoPicker or a DocumentPicker. */
export interface FakeFlowFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly mimeType: string;
}

/**
 * A Flow that a customer has opened. It shows one screen at a time, exchanges encrypted data with the endpoint, and ends
 * with an `nfm_reply`. `customer.openFlow` creates it.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi();
 * const ana = fake.customer('15550100987');
 * async function book(messageId: string): Promise<void> {
 *   const flow = await ana.openFlow(messageId);
 *   await flow.submit({ guest: 'Ana', guests: '4' });
 *   console.log(flow.state, flow.screen);
 * }
 * console.log(book);
 * ```
 */
export interface FakeFlow {
  /**
   * - `open`: the customer sees `screen`.
   * - `completed`: the reply was sent.
   * - `expired`: the endpoint responded with 427. `errorMessage` is its text.
   * - `failed`: the customer sees a generic error. `failure` is Meta's code.
   */
  readonly state: 'open' | 'completed' | 'expired' | 'failed';
  /** ID of the current screen. */
  readonly screen: string;
  /** Data of the current screen. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The `error_message` of the last response. */
  readonly errorMessage: string | undefined;
  /** Meta's error code, for example `invalid-screen-transition`. */
  readonly failure: string | undefined;
  /** The wamid of the reply, after the end. */
  readonly replyId: string | undefined;
  /**
   * Fills in the inputs of the screen and taps its footer.
   *
   * @param values - Values by the name of the input. Files are lists of {@link FakeFlowFile}.
   * @throws `Error` if the Flow isn't open, a required value is missing, or the screen has no such input.
   */
  submit(values?: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Taps a link, or an item of a navigation list.
   *
   * @param label - The text of the link, or the ID of the item.
   * @throws `Error` if the screen has none.
   */
  tap(label: string): Promise<void>;
  /** Returns to the previous screen. Screens with `refresh_on_back` call the endpoint. @throws `Error` on the first screen. */
  back(): Promise<void>;
}
