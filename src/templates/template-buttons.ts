import type { OpenEnum } from '../runtime/open-enum.js';

/** An Android app that may read the code of an authentication template. */
export interface SupportedApp {
  readonly package_name: string;
  /** Signature hash of the app, exactly 11 characters. */
  readonly signature_hash: string;
}

/** Button that copies or fills in a one-time code. */
export interface OtpButtonDefinition {
  readonly type: 'OTP' | 'otp';
  readonly otp_type: OpenEnum<'COPY_CODE' | 'ONE_TAP' | 'ZERO_TAP'>;
  readonly text?: string;
  readonly autofill_text?: string;
  /** Must be `true` for `ZERO_TAP`. */
  readonly zero_tap_terms_accepted?: boolean;
  /** Apps that may read the code, at most five. */
  readonly supported_apps?: readonly SupportedApp[];
  /** Package name of a single app, in Meta's older form. */
  readonly package_name?: string;
  readonly signature_hash?: string;
}

/** Button that opens a flow. Set one of ID, name or JSON. */
export interface FlowButtonDefinition {
  readonly type: 'FLOW' | 'flow';
  readonly text: string;
  readonly flow_id?: string;
  readonly flow_name?: string;
  /** JSON of the flow, as text. */
  readonly flow_json?: string;
  readonly flow_action?: OpenEnum<'navigate' | 'data_exchange'>;
  readonly navigate_screen?: string;
  readonly icon?: OpenEnum<'DOCUMENT' | 'PROMOTION' | 'REVIEW'>;
}

/**
 * Opens the Android app of the business instead of the page. Source: Meta, App deep links (2026): marketing templates
 * only.
 */
export interface AppDeepLink {
  /** ID of the Meta app. Meta's examples use a number. */
  readonly meta_app_id: string | number;
  /** The deep link of the Android app. */
  readonly android_deep_link: string;
  /** URL that the button opens if the app isn't installed, for example its page in Google Play. */
  readonly android_fallback_playstore_url?: string;
}

/** Button that opens a page or an app. */
export interface UrlButtonDefinition {
  readonly type: 'URL' | 'url';
  readonly text: string;
  /** URL of the page, at most 2,000 characters with one variable at the end. */
  readonly url: string;
  /** Sample value of the variable. */
  readonly example?: readonly string[];
  readonly app_deep_link?: AppDeepLink;
}

/**
 * A button of a template definition, discriminated by `type`. The compiler also accepts other types, because Meta adds
 * buttons and checks them itself.
 */
export type TemplateButtonDefinition =
  | OtpButtonDefinition
  | FlowButtonDefinition
  /** `text` has at most 25 characters. */
  | { readonly type: 'QUICK_REPLY' | 'quick_reply'; readonly text: string }
  /** At most two per template. */
  | UrlButtonDefinition
  /** At most one per template. The number has at most 20 characters. */
  | { readonly type: 'PHONE_NUMBER' | 'phone_number'; readonly text: string; readonly phone_number: string }
  /** At most one per template. The code has at most 20 characters. */
  | { readonly type: 'COPY_CODE' | 'copy_code'; readonly example: string | readonly string[] }
  | { readonly type: 'CATALOG' | 'MPM' | 'SPM'; readonly text: string }
  | { readonly type: 'VOICE_CALL' | 'voice_call'; readonly text: string; readonly ttl_minutes?: number }
  | { readonly type: 'REQUEST_CONTACT_INFO' | 'request_contact_info'; readonly text?: string }
  /** Orders and payments (India, Brazil): the message contains the order. */
  | {
      readonly type: 'ORDER_DETAILS' | 'order_details' | 'ORDER_STATUS' | 'order_status' | 'PAYMENT_REQUEST' | 'payment_request';
      readonly text?: string;
      readonly [field: string]: unknown;
    }
  /** A button that Meta adds. */
  | { readonly type: OpenEnum<never>; readonly [field: string]: unknown };
