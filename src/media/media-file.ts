/** What Meta keeps of a file. */
export interface MediaFile {
  readonly messaging_product?: 'whatsapp';
  readonly id: string;
  /** Where its bytes are for 5 minutes; reading them takes the token. */
  readonly url: string;
  readonly mime_type?: string;
  /** SHA-256 in hex (in webhooks it is base64). */
  readonly sha256?: string;
  /** Bytes, as a number or as digits. */
  readonly file_size?: number | string;
  readonly [field: string]: unknown;
}
