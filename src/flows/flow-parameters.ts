/** Selects a flow. */
export interface FlowParameters {
  readonly flowId: string;
}
