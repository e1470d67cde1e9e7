import type { OpenEnum } from '../runtime/open-enum.js';

/**
 * Voicemail settings. Callers leave a message, which arrives as an `audio` message. Source: Meta, Voicemail (25 Jun
 * 2026).
 */
export interface VoicemailSettings {
  readonly status: OpenEnum<'ENABLED' | 'DISABLED'>;
  /** `REJECT`: the business rejects the call. `TIMEOUT`: it doesn't accept the call in time. */
  readonly triggers?: readonly OpenEnum<'REJECT' | 'TIMEOUT'>[];
  readonly audio?: {
    readonly default?: {
      /** ID of the uploaded announcement. */
      readonly announcement_media_id?: string | number;
      /** 0 to 30 seconds. The trigger `TIMEOUT` requires it. */
      readonly timeout_seconds?: number;
      readonly [field: string]: unknown;
    };
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Call settings of a phone number. */
export interface CallSettings {
  readonly status?: OpenEnum<'ENABLED' | 'DISABLED'>;
  readonly call_icon_visibility?: OpenEnum<'DEFAULT' | 'DISABLE_ALL'>;
  readonly voicemail?: VoicemailSettings;
  /** Codecs in addition to Opus. */
  readonly audio?: { readonly additional_codecs?: readonly OpenEnum<'PCMA' | 'PCMU'>[]; readonly [field: string]: unknown };
  /** Restrictions in effect. Only in responses. */
  readonly restrictions?: {
    readonly restrictions_list?: readonly {
      readonly type?: OpenEnum<'RESTRICTED_BUSINESS_INITIATED_CALLING' | 'RESTRICTED_USER_INITIATED_CALLING'>;
      readonly reason?: string;
      /** Unix time in seconds. */
      readonly expiration?: number;
    }[];
    readonly [field: string]: unknown;
  };
  readonly call_icons?: { readonly restrict_to_user_countries?: readonly string[] };
  readonly call_hours?: {
    readonly status: string;
    /** IANA time zone, for example `America/Manaus`. */
    readonly timezone_id?: string;
    /** At most two entries for each day. Times have the format `0930`. */
    readonly weekly_operating_hours?: readonly { readonly day_of_week: string; readonly open_time: string; readonly close_time: string }[];
    readonly holiday_schedule?: readonly { readonly date: string; readonly start_time: string; readonly end_time: string }[];
  };
  readonly callback_permission_status?: string;
  readonly sip?: {
    readonly status?: string;
    readonly servers?: readonly {
      readonly hostname: string;
      readonly port?: number;
      readonly request_uri_user_params?: Readonly<Record<string, string>>;
      /** Only in responses, if you requested it. */
      readonly sip_user_password?: string;
    }[];
  };
  readonly srtp_key_exchange_protocol?: OpenEnum<'DTLS' | 'SDES'>;
  readonly [field: string]: unknown;
}

/**
 * Identity check. If it's on, a send that specifies an identity fails after the customer's identity changes (137000).
 */
export interface UserIdentityChange {
  readonly enable_identity_key_check: boolean;
}

/** Encryption of message payloads, in addition to Meta's encryption. */
export interface PayloadEncryption {
  /** `ENABLED`, `DISABLED` or a value that Meta adds. */
  readonly status: string;
  /** Public key of the business in base64, to turn encryption on. */
  readonly client_encryption_key?: string;
  /** Only in responses. */
  readonly client_encryption_key_fingerprint?: string;
  /** Only in responses. */
  readonly cloud_encryption_key?: string;
}

/** Storage location of data at rest. */
export interface StorageConfiguration {
  /** `DEFAULT`, `IN_COUNTRY_STORAGE_ENABLED`, `NO_STORAGE_ENABLED` or a value that Meta adds. */
  readonly status: string;
  /** Country, for example `DE`. */
  readonly data_localization_region?: string;
  readonly [field: string]: unknown;
}

/** Settings of a phone number. Returned by {@link getPhoneNumberSettings}. */
export interface PhoneNumberSettings {
  readonly calling?: CallSettings;
  readonly user_identity_change?: UserIdentityChange;
  readonly payload_encryption?: PayloadEncryption;
  readonly storage_configuration?: StorageConfiguration;
  readonly [setting: string]: unknown;
}
