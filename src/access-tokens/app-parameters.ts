/** Selects an app. */
export interface AppParameters {
  readonly appId: string;
}
