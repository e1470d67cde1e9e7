/** Metadata of a media file. */
export interface MediaFile {
  readonly messaging_product?: 'whatsapp';
  readonly id: string;
  /** URL of the file, valid for 5 minutes. Requests need the access token. */
  readonly url: string;
  readonly mime_type?: string;
  /** SHA-256 in hex. Webhooks use base64. */
  readonly sha256?: string;
  /** Size in bytes, as a number or as digits. */
  readonly file_size?: number | string;
  readonly [field: string]: unknown;
}
