import type { FakeFaultKind } from './fake-faults.js';

/** A request that the fake answered, without token and body. */
export interface FakeRequestRecord {
  readonly method: string;
  /** Path without version. */
  readonly path: string;
  /** HTTP status; absent where the connection was cut. */
  readonly status?: number;
  /** Meta's error code, where it refused. */
  readonly errorCode?: number;
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
