/** Values of an action: texts, references such as `'${form.name}'`, numbers, booleans, lists and objects. */
export type FlowPayload = Readonly<Record<string, unknown>>;

/** Opens another screen and passes its data. */
export interface FlowNavigateAction<ScreenId extends string = string> {
  readonly name: 'navigate';
  readonly next: { readonly type: 'screen'; readonly name: ScreenId };
  readonly payload: FlowPayload;
}

/** Sends the payload to the endpoint, which returns the next screen. */
export interface FlowDataExchangeAction {
  readonly name: 'data_exchange';
  readonly payload: FlowPayload;
}

/** Ends the Flow and sends the payload as the customer's reply. Only on terminal screens. */
export interface FlowCompleteAction {
  readonly name: 'complete';
  readonly payload: FlowPayload;
}

/** Changes the data of the current screen. Version 6.0 or later. */
export interface FlowUpdateDataAction {
  readonly name: 'update_data';
  readonly payload: FlowPayload;
}

/** Opens a website. Version 6.0 or later. */
export interface FlowOpenUrlAction {
  readonly name: 'open_url';
  readonly url: string;
}

/** Action of a footer. */
export type FlowFooterAction<ScreenId extends string = string> =
  FlowNavigateAction<ScreenId> | FlowDataExchangeAction | FlowCompleteAction | FlowUpdateDataAction;

/** Action of a link. */
export type FlowLinkAction<ScreenId extends string = string> = FlowNavigateAction<ScreenId> | FlowDataExchangeAction | FlowOpenUrlAction;

/** Action of a selected option. */
export type FlowSelectAction = FlowDataExchangeAction | FlowUpdateDataAction;
