/** A request of a flow to its endpoint, discriminated by `action`. Meta may add values and fields. */
export interface FlowRequest {
  /** Version `3.0` or later. */
  readonly version: string;
  /**
   * Action of the request, or a value that Meta adds.
   *
   * - `ping`: Meta checks the health of the endpoint.
   * - `INIT`: the customer opens the flow.
   * - `data_exchange`: the customer submits a screen.
   * - `BACK`: the customer returns to a screen with `refresh_on_back`.
   */
  readonly action: string;
  readonly screen?: string;
  /** Data of the screen. If the flow reports an error in the last response, it contains `error` and `error_message`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Token that the business passed with the message that opened the flow. */
  readonly flow_token?: string;
  readonly [field: string]: unknown;
}

/** Next screen, or the end of the flow (`screen: 'SUCCESS'` with `extension_message_response`). */
export interface FlowResponse {
  readonly screen?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}
