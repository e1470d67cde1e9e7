/** A started upload. */
export interface UploadSession {
  /** ID from Meta, including `:` and `?sig=…`. */
  readonly id: string;
  /** Number of bytes that Meta received. The next chunk begins there. */
  readonly file_offset?: number;
}

/** An uploaded file, for `header_handle` of a template or `profile_picture_handle` of a profile. */
export interface UploadedFile {
  /** The handle. */
  readonly h: string;
}
