import type { OpenEnum } from '../runtime/open-enum.js';

/**
 * A version of Embedded Signup. The login configuration selects version 4, so that the request doesn't contain it.
 * Versions 2 and 3 and their previews ended on 15 October 2026 (8 October for version 2 according to one changelog
 * entry). `v4-public-preview` exists since 12 May 2026. Source: Meta, Embedded Signup versions (12 May 2026), version 4
 * (Sep 2026) and Account model evolution (27 Oct 2026).
 */
export type SignupVersion = OpenEnum<'v5' | 'v4' | 'v4-public-preview' | 'v3' | 'v3-public-preview' | 'v2' | 'v2-public-preview'>;

/** Parameters of {@link loginOptions}. */
export interface LoginOptionsParameters {
  /** ID of the Facebook Login for Business configuration. In version 4, it also selects the products. */
  readonly configId: string;
  /**
   * Version of Embedded Signup.
   * @defaultValue `'v4'`
   */
  readonly version?: SignupVersion | undefined;
  /**
   * Initial data of the popup's forms, in Meta's shape, with `solutionID` for a multi-partner solution.
   * @defaultValue no data
   */
  readonly setup?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Kind of onboarding: a number of the WhatsApp Business app, or with `'default'` a number that you then register for
   * the Cloud API only.
   * @defaultValue `'whatsapp_business_app_onboarding'`
   */
  readonly featureType?: OpenEnum<'whatsapp_business_app_onboarding' | 'default'> | undefined;
  /** Names of further features, in versions 2 and 3. In version 4, they are products of the login configuration. */
  readonly features?: readonly OpenEnum<'marketing_messages_lite'>[] | undefined;
}

/** Second argument of `FB.login` for Embedded Signup, in Meta's shape. */
export interface LoginOptions {
  readonly config_id: string;
  readonly response_type: 'code';
  readonly override_default_response_type: true;
  readonly extras: {
    readonly setup: Readonly<Record<string, unknown>>;
    readonly featureType?: string | undefined;
    /** Requests session events. Version 3 and later always send them. */
    readonly sessionInfoVersion: '3';
    /** Missing in versions 2 and 4. */
    readonly version?: string | undefined;
    readonly features?: readonly { readonly name: string }[] | undefined;
  };
}

/**
 * Builds the options of `FB.login` that open Embedded Signup for a number of the WhatsApp Business app (Coexistence).
 * {@link launchSignup} uses them. Call it yourself if you call `FB.login`, and see {@link onSessionEvent} for the
 * events.
 *
 * Serve the page by https from one of the app's allowed domains. The same applies to a redirect URI. Source: Meta,
 * Onboard WhatsApp Business app users (26 Jun 2026) and Embedded Signup versions (4 Nov 2025).
 *
 * @param parameters - The login configuration, and optionally version, form data and features. See
 * {@link LoginOptionsParameters}.
 *
 * @example
 * ```ts
 * import { loginOptions } from 'wa-coexist/embedded-signup';
 *
 * loginOptions({ configId: '900100200300400' }).extras.featureType; // 'whatsapp_business_app_onboarding'
 * ```
 */
export function loginOptions(parameters: LoginOptionsParameters): LoginOptions {
  const { configId, version = 'v4', setup = {}, featureType = 'whatsapp_business_app_onboarding', features = [] } = parameters;
  return {
    config_id: configId,
    response_type: 'code',
    override_default_response_type: true,
    extras: {
      setup,
      sessionInfoVersion: '3',
      ...(featureType !== 'default' && { featureType }),
      ...(version !== 'v4' && version !== 'v2' && { version }),
      ...(features.length > 0 && { features: features.map((name) => ({ name })) }),
    },
  };
}
