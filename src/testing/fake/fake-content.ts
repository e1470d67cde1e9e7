/** What a message says: a text, or any content in Meta's shape, as `{ type: 'image', image: { caption: 'Front window' } }`. */
export type FakeContent = string | FakeTypedContent;

/**
 * Content in Meta's shape: the key named by `type` holds it. Ids and checksums of files are filled in where they are missing; a file with
 * `bytes` (a `Uint8Array`) next to them are the content of the download.
 */
export interface FakeTypedContent {
  readonly type: string;
  readonly [content: string]: unknown;
}
