/** An app that may read the code of an authentication template. */
export interface SupportedApp {
  readonly package_name: string;
  /** Exactly 11 characters. */
  readonly signature_hash: string;
}

/** The button that copies or fills in a one-time code. */
export interface OtpButtonDefinition {
  readonly type: 'OTP' | 'otp';
  readonly otp_type: 'COPY_CODE' | 'ONE_TAP' | 'ZERO_TAP';
  readonly text?: string;
  readonly autofill_text?: string;
  /** Must be `true` for `ZERO_TAP`. */
  readonly zero_tap_terms_accepted?: boolean;
  /** At most five. */
  readonly supported_apps?: readonly SupportedApp[];
  /** The single app, in the older form. */
  readonly package_name?: string;
  readonly signature_hash?: string;
}

/** A button that opens a flow, named by one of id, name or its JSON. */
export interface FlowButtonDefinition {
  readonly type: 'FLOW' | 'flow';
  readonly text: string;
  readonly flow_id?: string;
  readonly flow_name?: string;
  /** The flow's JSON as a text. */
  readonly flow_json?: string;
  readonly flow_action?: 'navigate' | 'data_exchange';
  readonly navigate_screen?: string;
  readonly icon?: 'DOCUMENT' | 'PROMOTION' | 'REVIEW';
}

/** A button of a template when it is made, discriminated by `type`. */
export type TemplateButtonDefinition =
  | OtpButtonDefinition
  | FlowButtonDefinition
  /** `text` has at most 25 characters. */
  | { readonly type: 'QUICK_REPLY' | 'quick_reply'; readonly text: string }
  /** At most two; `url` has at most 2000 characters and one variable, at its end, with its sample in `example`. */
  | { readonly type: 'URL' | 'url'; readonly text: string; readonly url: string; readonly example?: readonly string[] }
  /** At most one; at most 20 characters. */
  | { readonly type: 'PHONE_NUMBER' | 'phone_number'; readonly text: string; readonly phone_number: string }
  /** At most one; at most 20 characters. */
  | { readonly type: 'COPY_CODE' | 'copy_code'; readonly example: string | readonly string[] }
  | { readonly type: 'CATALOG' | 'MPM' | 'SPM'; readonly text: string }
  | { readonly type: 'VOICE_CALL' | 'voice_call'; readonly text: string; readonly ttl_minutes?: number }
  | { readonly type: 'REQUEST_CONTACT_INFO' | 'request_contact_info'; readonly text?: string };
