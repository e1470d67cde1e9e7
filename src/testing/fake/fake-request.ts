import type { FakeFaultKind } from './fake-faults.js';

/** A request that the fake answered, without tokens, secrets and files. */
export interface FakeRequestRecord {
  /** Counted from 1. */
  readonly id: number;
  readonly method: string;
  /** Path without version. */
  readonly path: string;
  /** Query parameters and fields of the body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** HTTP status; absent where the connection was cut. */
  readonly status?: number;
  /** Meta's error code, if the fake rejected the request. */
  readonly errorCode?: number;
  /** Meta's error subcode, if there is one. */
  readonly errorSubcode?: number;
  /** The response as text. Missing for files, tokens, lost responses, and responses of more than 8 kB. */
  readonly responseText?: string;
  /** The fault that met it. */
  readonly fault?: FakeFaultKind;
  readonly at: Date;
}

/** A request to the fake without the objects of `fetch`, for servers. */
export interface FakeRequest {
  readonly method: string;
  /** The whole address, or path and query. */
  readonly url: string;
  /** Value of the `Authorization` header. */
  readonly authorization?: string | undefined;
  /** Value of the `Content-Type` header. */
  readonly contentType?: string | undefined;
  /** Value of the `file_offset` header of resumable uploads. */
  readonly fileOffset?: string | undefined;
  readonly body?: Uint8Array | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer of the fake, or a cut connection. */
export type FakeResponse =
  | { readonly cut: true }
  | {
      readonly cut?: false;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    };
