/** A started upload. */
export interface UploadSession {
  /** As Meta gave it, with its `:` and `?sig=…`. */
  readonly id: string;
  /** Bytes that Meta has; the next piece begins there. */
  readonly file_offset?: number;
}

/** A file that Meta has taken, for `header_handle` of a template or `profile_picture_handle` of a profile. */
export interface UploadedFile {
  /** The handle. */
  readonly h: string;
}
