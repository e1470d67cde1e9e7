/**
 * The kind of a fault.
 *
 * - `cut`: the connection breaks before the fake reads the request. The request has no effect.
 * - `server-error`: the fake returns a 5xx without processing the request. `status` defaults to 500 (code 131000).
 * - `html`: a proxy returns an HTML error page (502). The request has no effect.
 * - `reject`: the fake returns the Graph error `code`, for example 130429. The request has no effect.
 * - `slow`: the fake processes the request immediately and responds after `delayMs`.
 * - `lose-response`: the fake processes the request, and the connection breaks before the response.
 * - `server-error-after`: the fake processes the request and returns a 5xx.
 */
export type FakeFaultKind = 'cut' | 'server-error' | 'html' | 'reject' | 'slow' | 'lose-response' | 'server-error-after';

/** A fault and the requests that it affects. */
export interface FakeFault {
  readonly kind: FakeFaultKind;
  /**
   * The affected edge: the path after the ID, for example `messages` or `oauth/access_token`. Use `''` for a node
   * itself.
   * @defaultValue every edge
   */
  readonly endpoint?: string;
  /** @defaultValue every method */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** ID of the affected number or WABA. @defaultValue all of them */
  readonly id?: string;
  /** Share of the requests that it affects, from 0 to 1, chosen by the fake's seed. @defaultValue 1 */
  readonly share?: number;
  /** Number of requests after which the fault ends. @defaultValue no limit */
  readonly times?: number;
  /** Milliseconds of the fake's clock after which the fault ends. @defaultValue no limit */
  readonly forMs?: number;
  /** HTTP status of `server-error` and `server-error-after`. @defaultValue 500 */
  readonly status?: number;
  /** Milliseconds of the fake's clock, for `slow`. @defaultValue 1000 */
  readonly delayMs?: number;
  /** Meta's code, for `reject`. @defaultValue 130429 */
  readonly code?: number;
}

/**
 * Faults of the fake Cloud API, seeded so that a failing run can be repeated.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ seed: 7 });
 * fake.faults.add({ kind: 'lose-response', endpoint: 'messages', share: 0.1 });
 * // A throttling storm of half a minute:
 * fake.faults.add({ kind: 'reject', code: 130429, endpoint: 'messages', forMs: 30_000 });
 * const lift = fake.faults.add({ kind: 'server-error', endpoint: 'subscribed_apps', times: 1 });
 * lift();
 * ```
 */
export interface FakeFaults {
  /**
   * Adds a fault; the first that meets a request is the one that happens. Gives a function that takes it away again.
   */
  add(fault: FakeFault): () => void;
  /** Takes all away. */
  clear(): void;
  /** How often each kind has happened. */
  readonly happened: Readonly<Record<FakeFaultKind, number>>;
}
