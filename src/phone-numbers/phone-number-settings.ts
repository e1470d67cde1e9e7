/** Calls of a number. */
export interface CallSettings {
  /** `ENABLED`, `DISABLED` or a value that Meta adds. */
  readonly status?: string;
  /** `DEFAULT`, `DISABLE_ALL` or a value that Meta adds. */
  readonly call_icon_visibility?: string;
  readonly call_icons?: { readonly restrict_to_user_countries?: readonly string[] };
  readonly call_hours?: {
    readonly status: string;
    /** As `America/Manaus`. */
    readonly timezone_id?: string;
    /** At most two a day; times as `0930`. */
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
      /** Only in answers, where asked for. */
      readonly sip_user_password?: string;
    }[];
  };
  /** `DTLS`, `SDES` or a value that Meta adds. */
  readonly srtp_key_exchange_protocol?: string;
  readonly [field: string]: unknown;
}

/** Whether a send that names an identity fails once that customer's identity has changed (137000). */
export interface UserIdentityChange {
  readonly enable_identity_key_check: boolean;
}

/** Encryption of messages beyond Meta's own. */
export interface PayloadEncryption {
  /** `ENABLED`, `DISABLED` or a value that Meta adds. */
  readonly status: string;
  /** The business's public key in base64, when it is turned on. */
  readonly client_encryption_key?: string;
  /** Only in answers. */
  readonly client_encryption_key_fingerprint?: string;
  /** Only in answers. */
  readonly cloud_encryption_key?: string;
}

/** Where data at rest are kept. */
export interface StorageConfiguration {
  /** `DEFAULT`, `IN_COUNTRY_STORAGE_ENABLED`, `NO_STORAGE_ENABLED` or a value that Meta adds. */
  readonly status: string;
  /** As `DE`. */
  readonly data_localization_region?: string;
  readonly [field: string]: unknown;
}

/** The settings of a number. */
export interface PhoneNumberSettings {
  readonly calling?: CallSettings;
  readonly user_identity_change?: UserIdentityChange;
  readonly payload_encryption?: PayloadEncryption;
  readonly storage_configuration?: StorageConfiguration;
  readonly [setting: string]: unknown;
}
