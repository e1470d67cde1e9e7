import type { OpenEnum } from '../runtime/open-enum.js';

/**
 * A version of Embedded Signup. The login configuration selects version 4, so the request doesn't name it. Versions 2 and 3 and their previews
 * ended on 15 October 2026 (8 October for version 2 according to one changelog entry). `v4-public-preview` exists since 12 May 2026.
 * Source: Meta, Embedded Signup versions (12 May 2026), version 4 (Sep 2026) and Account model evolution (27 Oct 2026).
 */
export type SignupVersion = OpenEnum<'v5' | 'v4' | 'v4-public-preview' | 'v3' | 'v3-public-preview' | 'v2' | 'v2-public-preview'>;

/** What the popup is to do. */
export interface LoginOptionsParameters {
  /** Id of the Facebook Login for Business configuration: in version 4 it names the products, too. */
  readonly configId: string;
  /** @defaultValue `'v4'` */
  readonly version?: SignupVersion | undefined;
  /** Data that the popup's forms begin with, in Meta's shape; `solutionID` for a multi-partner solution. @defaultValue nothing */
  readonly setup?: Readonly<Record<string, unknown>> | undefined;
  /**
   * What is onboarded: a number of the Business app, or with `'default'` a number for Cloud API alone, which is then registered.
   * @defaultValue `'whatsapp_business_app_onboarding'`
   */
  readonly featureType?: OpenEnum<'whatsapp_business_app_onboarding' | 'default'> | undefined;
  /** Further features by name, in versions 2 and 3; in version 4 they are products of the login configuration. */
  readonly features?: readonly OpenEnum<'marketing_messages_lite'>[] | undefined;
}

/** The second argument of `FB.login` for Embedded Signup, in Meta's shape. */
export interface LoginOptions {
  readonly config_id: string;
  readonly response_type: 'code';
  readonly override_default_response_type: true;
  readonly extras: {
    readonly setup: Readonly<Record<string, unknown>>;
    readonly featureType?: string | undefined;
    /** Asks for messages to the page. Versions from 3 on send them anyhow. */
    readonly sessionInfoVersion: '3';
    /** Absent in versions 2 and 4. */
    readonly version?: string | undefined;
    readonly features?: readonly { readonly name: string }[] | undefined;
  };
}

/**
 * The options of `FB.login` that open Embedded Signup for a number of the WhatsApp Business app (coexistence).
 *
 * The page must be served by https from a domain of the app's allowed domains, and so must a redirect URI. Source: Meta, Onboard WhatsApp
 * Business app users (26 Jun 2026) and Embedded Signup versions (4 Nov 2025).
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
