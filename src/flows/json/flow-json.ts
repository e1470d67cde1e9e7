import type { OpenEnum } from '../../runtime/open-enum.js';
import type { FlowComponent } from './flow-components.js';

/** A value that a screen receives, as JSON Schema with an example for the preview. */
export interface FlowDataField {
  readonly type: 'string' | 'number' | 'boolean' | 'object' | 'array';
  readonly __example__: unknown;
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [keyword: string]: unknown;
}

/** A screen of a Flow. */
export interface FlowScreen<ScreenId extends string = string> {
  /** Letters and underscores, unique in the Flow. `SUCCESS` is reserved. */
  readonly id: ScreenId;
  readonly title?: string;
  /** Whether the Flow can end here. A terminal screen needs a footer. */
  readonly terminal?: boolean;
  /** Whether ending on this terminal screen is a success. @defaultValue `true` */
  readonly success?: boolean;
  /**
   * Whether returning from this screen requests the data of the previous screen from the endpoint. @defaultValue
   * `false`
   */
  readonly refresh_on_back?: boolean;
  /** The data of the screen. Refer to it with `${data.NAME}`. */
  readonly data?: Readonly<Record<string, FlowDataField>>;
  /** Names of inputs whose values the summary hides. */
  readonly sensitive?: readonly string[];
  readonly layout: { readonly type: 'SingleColumnLayout'; readonly children: readonly FlowComponent<NoInfer<ScreenId>>[] };
}

/** The JSON of a Flow. `defineFlow` checks it. */
export interface FlowJson<ScreenId extends string = string> {
  readonly version: OpenEnum<'5.1' | '6.0' | '6.1' | '6.2' | '6.3' | '7.0' | '7.1' | '7.2' | '7.3'>;
  /** Version of the requests to the endpoint. Only for Flows with an endpoint. `4.0` adds `flow_token_signature`. */
  readonly data_api_version?: OpenEnum<'3.0' | '4.0'>;
  /** The forward routes of each screen. Only for Flows with an endpoint. */
  readonly routing_model?: { readonly [Id in NoInfer<ScreenId>]?: readonly NoInfer<ScreenId>[] };
  readonly screens: readonly FlowScreen<ScreenId>[];
}
