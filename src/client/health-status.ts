/**
 * Whether an entity (a number, a WABA, a template, a flow) can send messages, and the problems that prevent it. Known
 * codes: 138024, 138025, 141002 (template not approved), 141006 (payment method), 141010 (business not verified),
 * 141014 (WABA banned).
 */
export interface HealthStatus {
  /** `AVAILABLE`, `LIMITED`, `BLOCKED` or a value that Meta adds. */
  readonly can_send_message?: string;
  readonly entities?: readonly {
    /** `PHONE_NUMBER`, `MESSAGE_TEMPLATE`, `WABA`, `BUSINESS`, `APP` or a value that Meta adds. */
    readonly entity_type: string;
    readonly id?: string;
    readonly can_send_message?: string;
    readonly can_receive_call_sip?: string;
    readonly additional_info?: readonly string[];
    readonly errors?: readonly { readonly error_code: number; readonly error_description?: string; readonly possible_solution?: string }[];
  }[];
}
