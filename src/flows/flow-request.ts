/** What a flow asks of its endpoint, discriminated by `action`; values that Meta adds pass. */
export interface FlowRequest {
  /** `3.0` or later. */
  readonly version: string;
  /**
   * `ping`: Meta checks the endpoint's health; `INIT`: the flow opens; `data_exchange`: a screen is submitted; `BACK`: the customer goes back to a
   * screen that wants to know; or a value that Meta adds.
   */
  readonly action: string;
  readonly screen?: string;
  /** What was filled in; `error` and `error_message` where the flow reports that the last answer was wrong. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What the business gave with the message that opened the flow. */
  readonly flow_token?: string;
  readonly [field: string]: unknown;
}

/** The next screen, or the end of the flow (`screen: 'SUCCESS'` with `extension_message_response`). */
export interface FlowResponse {
  readonly screen?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}
