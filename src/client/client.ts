import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { ApiPromise } from './api-promise.js';
import type { CoexistenceNumbers, RequestRestriction } from './coexistence-numbers.js';

/** Which number and WABA a call is for. */
export interface RequestTarget<Coexistence extends boolean = boolean> {
  /** Graph id of the business number (not the number itself): the path of a send. */
  readonly phoneNumberId?: string | undefined;
  /** Id of the WhatsApp Business Account. */
  readonly wabaId?: string | undefined;
  /** Whether the number is also on the WhatsApp Business app. What Meta refuses there is then refused before the network. */
  readonly coexistence?: Coexistence | undefined;
}

/** Where a client gets its access token from: the token, or a function that is asked per target, once for many simultaneous callers. */
export type AccessTokenSource = string | ((target: RequestTarget) => string | undefined | Promise<string | undefined>);

/** Options of {@link createClient}. */
export interface ClientOptions<Coexistence extends boolean = boolean> extends Omit<RequestTarget<Coexistence>, 'phoneNumberId'> {
  /** Graph id of the business number (not the number itself). Actions that need it reject with `MissingTargetError` without it. */
  readonly phoneNumberId?: string | undefined;
  /**
   * The token, or a function that finds the token of a target. A function's answer is kept until Meta says that it expired (190);
   * then it is asked once more for all waiting callers. Not needed for calls that carry a token of their own. A call waits `timeoutMs`
   * milliseconds for the function, and less if its `signal` aborts; the next call then asks the function again.
   */
  readonly accessToken?: AccessTokenSource | undefined;
  /** Id of the Meta app; needed to exchange codes and to read the app's subscriptions. */
  readonly appId?: string | undefined;
  /** Secret of the Meta app; never part of an error or a log line. */
  readonly appSecret?: string | undefined;
  /**
   * Whether calls carry `appsecret_proof`, which an app may demand in its settings (Require App Secret): the token signed with `appSecret`.
   * @defaultValue `false`, as Meta refuses the proof of a token that belongs to another app
   */
  readonly appSecretProof?: boolean | undefined;
  /**
   * Graph API version. A `logger` is warned when an answer shows that Meta rolled it forward, and when its end is near.
   * @defaultValue `'v26.0'` (released 29 Jul 2026; each lives about two years)
   */
  readonly version?: string | undefined;
  /** Where the Graph API is: an http or https URL without user name, password, query and fragment. @defaultValue `'https://graph.facebook.com'` */
  readonly baseUrl?: string | undefined;
  /**
   * Hosts from which media are downloaded with the token, by https on port 443; those of Graph API and `baseUrl` always are.
   * @defaultValue `['lookaside.fbsbx.com']`
   */
  readonly mediaHosts?: readonly string[] | undefined;
  /**
   * Makes the requests; for proxies, test servers and runtimes with one of their own. A `fetch` that throws instead of returning a promise
   * is taken to have sent nothing. @defaultValue the global `fetch`
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Pool of connections that goes to `fetch` with each request: an `Agent` or `ProxyAgent` of undici. Node's own pool drops a connection
   * that was idle for 4 seconds, so that programs that send rarely open a new one each time. To the `fetch` of a Node that has
   * undici 7 inside (`process.versions.undici`; Node 24 has) an agent of undici 8 goes in a `Dispatcher1Wrapper`.
   * @defaultValue the pool of `fetch`
   *
   * @example
   * ```ts
   * import { Agent, Dispatcher1Wrapper } from 'undici';
   * import { createClient } from 'wa-coexist';
   *
   * const dispatcher = new Dispatcher1Wrapper(new Agent({ keepAliveTimeout: 60_000, connections: 32 }));
   * createClient({ accessToken: 'token', phoneNumberId: '106540352242922', dispatcher });
   * ```
   */
  readonly dispatcher?: object | undefined;
  /** Milliseconds allowed for one attempt of a call, from 1 to 2,147,483,647. @defaultValue 30 000 */
  readonly timeoutMs?: number | undefined;
  /** How often a call may be retried where that is safe, from 0 to 100. @defaultValue 2 */
  readonly maxRetries?: number | undefined;
  /** Bytes of a JSON response at most, after decompression; reading stops there. @defaultValue 33 554 432 (32 MiB) */
  readonly maxResponseBytes?: number | undefined;
  /** Whether Meta's published limits are checked before the network. @defaultValue `true` */
  readonly validate?: boolean | undefined;
  /** Meta's rules for coexistence numbers. @defaultValue `coexistencePolicy()`, today's */
  readonly policy?: CoexistencePolicy | undefined;
  /** Where time comes from. @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
  /** Where the client writes what it notices. @defaultValue warnings and errors to stderr, once per kind */
  readonly logger?: Logger | undefined;
  /** Wraps each call, for tracing. The call runs once and keeps its own result, regardless of the instrument. @defaultValue nothing */
  readonly instrument?: Instrument | undefined;
}

/** Options that every action takes last. */
export interface RequestOptions {
  /** Ends the call, with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds allowed for one try. @defaultValue the client's */
  readonly timeoutMs?: number | undefined;
  /** Headers to add. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether Meta's published limits are checked before the network. @defaultValue the client's */
  readonly validate?: boolean | undefined;
  /** How often the call may be tried again where that is safe. @defaultValue the client's */
  readonly maxRetries?: number | undefined;
}

/** Which credential a request carries: the target's token, the app's, the app's id and secret as parameters, or a token given here. */
export type RequestAuth = 'target' | 'app' | 'app-credentials' | { readonly token: string };

/** A request to any endpoint of the Graph API. */
export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Segments after the version. What may not stand in a path segment is escaped; `:`, `=` and `+` stay. */
  readonly path: readonly string[];
  /** Query parameters; `undefined` ones are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** What `fetch` takes as it is (a form, a file, bytes, search parameters, each of which can be sent again); anything else goes out as JSON. */
  readonly body?: object;
  /** @defaultValue `'target'` */
  readonly auth?: RequestAuth;
  /** The word before the token. @defaultValue `'Bearer'` */
  readonly scheme?: 'Bearer' | 'OAuth';
  /** Another host of Meta's, which takes no version in the path. A `baseUrl` of the client's wins, so that test servers get everything. */
  readonly host?: 'api.facebook.com';
  /**
   * Name of a member that makes an answer a partial success: where it is there, neither `error` nor `success: false` throws, and `error`
   * is a `GraphApiError`.
   */
  readonly partial?: string;
  /** The rule that rejects the request, before the network, if `createCoexistence` knows the number as one on the WhatsApp Business app. */
  readonly restriction?: RequestRestriction | undefined;
  /** What error messages call it, with placeholders for ids. @defaultValue method and path */
  readonly operation?: string;
}

/** What a call that is no JSON with the Graph API needs of its client. */
export interface ClientConnection {
  /** The token of the target: it goes to Meta's hosts only. */
  readonly token: string;
  readonly baseUrl: string;
  readonly mediaHosts: readonly string[] | undefined;
  /** The caller's own, where one was set. */
  readonly fetch: typeof fetch | undefined;
  /** The caller's pool of connections, where one was set: for the `dispatcher` of Node's `fetch`. */
  readonly dispatcher: object | undefined;
  /** Milliseconds allowed for one try. */
  readonly timeoutMs: number;
}

/**
 * A connection to the Graph API for one target. Made by {@link createClient}; actions take it as their first argument.
 */
export interface Client<Coexistence extends boolean = boolean> {
  /** Which number and WABA its calls are for. */
  readonly target: RequestTarget<Coexistence>;
  /** Graph API version of its calls. */
  readonly version: string;
  /** Id of the Meta app, where the caller set it. */
  readonly appId: string | undefined;
  /** Meta's rules for coexistence numbers, where the caller set them. */
  readonly policy: CoexistencePolicy | undefined;
  /** The coexistence numbers that `createCoexistence` knows. All views of the client share them. */
  readonly coexistenceNumbers: CoexistenceNumbers;
  /** Whether Meta's published limits are checked before the network. */
  readonly validate: boolean;
  /** Milliseconds allowed for one attempt of a call. */
  readonly timeoutMs: number;
  /** Where its time comes from. */
  readonly clock: Clock;
  /** Where it writes what it notices. */
  readonly logger: Logger;
  /** A view of the same client for another number or WABA: same connections, same budget, same options. Cheap. */
  for<Next extends boolean = boolean>(target: RequestTarget<Next>): Client<Next>;
  /**
   * Calls any endpoint: the way to one that the library lacks.
   *
   * On a coexistence number the client rejects endpoints that the policy forbids, by method and path. It does not examine messages: send those
   * with `sendMessage`.
   *
   * @throws `RestrictedFeatureError`, `StoreError` before the network, `GraphApiError` if Meta refuses, `NetworkError`, `TimeoutError`, `AbortedError`, `InvalidResponseError`,
   * `MissingCredentialsError`, `InvalidArgumentError`.
   *
   * @example
   * ```ts
   * import { createClient } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const settings = await client.request<{ storage_configuration?: unknown }>({ method: 'GET', path: ['106540352242922', 'settings'] });
   * console.log(settings.storage_configuration);
   * ```
   */
  request<Data>(request: GraphRequest, options?: RequestOptions): ApiPromise<Data>;
  /**
   * Reads what is no JSON of the Graph API, as a download is, with what every read has: the target's token and its renewal, further
   * tries within the budget, tracing. `read` makes one try and throws the library's errors; it answers for where the token goes.
   *
   * @throws what `read` throws in the last try.
   *
   * @example
   * ```ts
   * import { createClient } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token' });
   * const page = await client.transfer('GET /docs', async ({ token, baseUrl, timeoutMs }) => {
   *   const headers = { authorization: `Bearer ${token}` };
   *   const answer = await fetch(`${baseUrl}/docs`, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
   *   return answer.text();
   * });
   * console.log(page.length);
   * ```
   */
  transfer<Result>(operation: string, read: (connection: ClientConnection) => Promise<Result>, options?: RequestOptions): Promise<Result>;
}
