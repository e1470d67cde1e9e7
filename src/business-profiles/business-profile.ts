/** Profile of a phone number that customers see. New fields and values of Meta are passed through. */
export interface BusinessProfile {
  readonly messaging_product?: 'whatsapp';
  /** 1 to 139 characters. */
  readonly about?: string;
  /** At most 256 characters. */
  readonly address?: string;
  /** At most 512 characters. */
  readonly description?: string;
  /** At most 128 characters. */
  readonly email?: string;
  /** At most two URLs of 256 characters, each with `http://` or `https://`. */
  readonly websites?: readonly string[];
  /** `RETAIL`, `RESTAURANT`, `HEALTH`, `PROF_SERVICES`, `OTHER`, … or a value that Meta adds. */
  readonly vertical?: string;
  readonly profile_picture_url?: string;
  readonly [field: string]: unknown;
}
