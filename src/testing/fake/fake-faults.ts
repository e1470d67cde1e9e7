/**
 * What goes wrong with a request.
 *
 * - `cut`: the connection breaks before Meta has read the request; nothing happened.
 * - `server-error`: a 5xx before Meta acted. `status` is 500 (code 131000) unless given.
 * - `html`: an HTML error page of a proxy (502) before Meta acted.
 * - `refuse`: a Graph error of `code`, as 130429 in a throttling storm; Meta did not act.
 * - `slow`: Meta acts at once and answers after `delayMs`.
 * - `lose-answer`: Meta acted, and the connection breaks before the answer.
 * - `server-error-after`: Meta acted, and answers with a 5xx.
 */
export type FakeFaultKind = 'cut' | 'server-error' | 'html' | 'refuse' | 'slow' | 'lose-answer' | 'server-error-after';

/** A fault and the requests that it meets. */
export interface FakeFault {
  readonly kind: FakeFaultKind;
  /** The edge that it meets: the path after the id, as `messages`, `smb_app_data`, `oauth/access_token`; a node itself is `''`. @defaultValue every one */
  readonly endpoint?: string;
  /** @defaultValue every one */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** The number or WABA whose requests it meets, by Graph id. @defaultValue every one */
  readonly id?: string;
  /** Share of the requests that it meets, from 0 to 1, drawn from the fake's seed. @defaultValue 1 */
  readonly share?: number;
  /** How many requests it meets before it is over. @defaultValue no end */
  readonly times?: number;
  /** Milliseconds of the fake's clock, from now, after which it is over, as a storm is. @defaultValue no end */
  readonly forMs?: number;
  /** HTTP status of `server-error` and `server-error-after`. @defaultValue 500 */
  readonly status?: number;
  /** Milliseconds of the fake's clock, for `slow`. @defaultValue 1000 */
  readonly delayMs?: number;
  /** Meta's code, for `refuse`. @defaultValue 130429 */
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
 * fake.faults.add({ kind: 'lose-answer', endpoint: 'messages', share: 0.1 });
 * // A throttling storm of half a minute:
 * fake.faults.add({ kind: 'refuse', code: 130429, endpoint: 'messages', forMs: 30_000 });
 * const lift = fake.faults.add({ kind: 'server-error', endpoint: 'subscribed_apps', times: 1 });
 * lift();
 * ```
 */
export interface FakeFaults {
  /** Adds a fault; the first that meets a request is the one that happens. Gives a function that takes it away again. */
  add(fault: FakeFault): () => void;
  /** Takes all away. */
  clear(): void;
  /** How often each kind has happened. */
  readonly happened: Readonly<Record<FakeFaultKind, number>>;
}
