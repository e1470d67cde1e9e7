import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { ApiPromise } from './api-promise.js';
import type { CoexistenceNumbers, RequestRestriction } from './coexistence-numbers.js';

/** The phone number and WABA of a call. */
export interface RequestTarget<Coexistence extends boolean = boolean> {
  /** Graph ID of the business phone number. It isn't the phone number itself. */
  readonly phoneNumberId?: string | undefined;
  /** ID of the WhatsApp Business Account. */
  readonly wabaId?: string | undefined;
  /**
   * Whether the number is also on the WhatsApp Business app. The client then rejects unsupported requests before the
   * network.
   */
  readonly coexistence?: Coexistence | undefined;
}

/** Finds access tokens and caches them itself, for example `createTenants` of `wa-coexist/tenants`. */
export interface AccessTokenProvider {
  /** Returns the token of a target. The client calls it for each attempt. */
  readonly getToken: (target: RequestTarget) => string | undefined | Promise<string | undefined>;
  /** Removes a token from the cache, because Meta rejected it. */
  readonly expireToken?: ((target: RequestTarget, token: string) => void) | undefined;
}

/**
 * Source of access tokens: a token, a function that returns the token of a target, or a provider with its own cache.
 * Simultaneous calls share one call of the function.
 */
export type AccessTokenSource =
  string | ((target: RequestTarget) => string | undefined | Promise<string | undefined>) | AccessTokenProvider;

/** Options of {@link createClient}. */
export interface ClientOptions<Coexistence extends boolean = boolean> extends Omit<RequestTarget<Coexistence>, 'phoneNumberId'> {
  /**
   * Graph ID of the business phone number. It isn't the phone number itself. Without it, actions that need it reject
   * with {@link MissingTargetError}.
   */
  readonly phoneNumberId?: string | undefined;
  /**
   * Access token, a function that returns the token of a target, or a provider with its own cache.
   *
   * The client caches the result of the function until Meta reports that the token expired (190). Then it calls the
   * function once more for all pending calls. A call waits at most `timeoutMs` milliseconds for the function, or until
   * its `signal` aborts. The next call then calls the function again. Calls with their own token don't need this
   * option.
   */
  readonly accessToken?: AccessTokenSource | undefined;
  /** ID of the Meta app. Needed to exchange codes and to read the subscriptions of the app. */
  readonly appId?: string | undefined;
  /** Secret of the Meta app. It never appears in errors or logs. */
  readonly appSecret?: string | undefined;
  /**
   * Whether calls include `appsecret_proof`, the token signed with `appSecret`. Apps can require it in their settings
   * (Require App Secret).
   * @defaultValue `false`, because Meta rejects the proof of a token that belongs to another app
   */
  readonly appSecretProof?: boolean | undefined;
  /**
   * Graph API version. The client logs a warning if Meta responds with a newer version, and when the version is about
   * to expire.
   * @defaultValue `'v26.0'` (released 29 Jul 2026; each version is available for about two years)
   */
  readonly version?: string | undefined;
  /**
   * Base URL of the Graph API: an http or https URL without user name, password, query and fragment.
   * @defaultValue `'https://graph.facebook.com'`
   */
  readonly baseUrl?: string | undefined;
  /**
   * Hosts from which media are downloaded with the token, over https on port 443. The hosts of the Graph API and of
   * `baseUrl` are always allowed.
   * @defaultValue `['lookaside.fbsbx.com']`
   */
  readonly mediaHosts?: readonly string[] | undefined;
  /**
   * Sends the requests. Use it for proxies, test servers and runtimes with their own `fetch`. If your `fetch` throws
   * instead of returning a promise, the client treats the request as not sent.
   * @defaultValue the global `fetch`
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Connection pool that `fetch` receives with each request: an `Agent` or `ProxyAgent` of undici.
   *
   * Node's own pool closes a connection after 4 idle seconds, so programs that send rarely open a new one each time. A
   * Node with undici 7 (`process.versions.undici`, for example Node 24) needs an undici 8 agent in a
   * `Dispatcher1Wrapper`.
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
  /**
   * Milliseconds allowed for one attempt, from 1 to 2,147,483,647.
   * @defaultValue 30 000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum number of retries if a retry is safe, from 0 to 100.
   * @defaultValue 2
   */
  readonly maxRetries?: number | undefined;
  /**
   * Maximum size of a JSON response in bytes, after decompression.
   * @defaultValue 33 554 432 (32 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Whether to check Meta's published limits before a request is sent.
   * @defaultValue `true`
   */
  readonly validate?: boolean | undefined;
  /**
   * Meta's rules for coexistence numbers.
   * @defaultValue `coexistencePolicy()` of the current day
   */
  readonly policy?: CoexistencePolicy | undefined;
  /**
   * Source of the time.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
  /**
   * Receives log entries of the client.
   * @defaultValue warnings and errors to stderr, once per kind
   */
  readonly logger?: Logger | undefined;
  /**
   * Wraps each call, for tracing. Each call runs exactly once and returns its own result, regardless of the instrument.
   * @defaultValue no tracing
   */
  readonly instrument?: Instrument | undefined;
}

/** Options of one request. Every action accepts them as its last argument. */
export interface RequestOptions {
  /** Aborts the call, which then rejects with {@link AbortedError}. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds allowed for one attempt.
   * @defaultValue the client's
   */
  readonly timeoutMs?: number | undefined;
  /** Additional headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether to check Meta's published limits before a request is sent.
   * @defaultValue the client's
   */
  readonly validate?: boolean | undefined;
  /**
   * Maximum number of retries if a retry is safe.
   * @defaultValue the client's
   */
  readonly maxRetries?: number | undefined;
}

/**
 * Credential of a request: the token of the target, the token of the app, the ID and secret of the app as parameters,
 * or the given token.
 */
export type RequestAuth = 'target' | 'app' | 'app-credentials' | { readonly token: string };

/** A request to any endpoint of the Graph API. */
export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path segments after the version. Special characters are escaped, except `:`, `=` and `+`. */
  readonly path: readonly string[];
  /** Query parameters. `undefined` values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /**
   * Body of the request. Forms, files, bytes and search parameters are sent unchanged. Other values are sent as JSON.
   */
  readonly body?: object;
  /**
   * Credential of the request.
   * @defaultValue `'target'`
   */
  readonly auth?: RequestAuth;
  /**
   * Scheme of the `Authorization` header.
   * @defaultValue `'Bearer'`
   */
  readonly scheme?: 'Bearer' | 'OAuth';
  /**
   * Another host of Meta. Its paths contain no version. The `baseUrl` of the client overrides it, so that test servers
   * receive all requests.
   */
  readonly host?: 'api.facebook.com';
  /**
   * Name of a member that marks a partial success. If the response contains it, neither `error` nor `success: false`
   * throws, and `error` is a {@link GraphApiError}.
   */
  readonly partial?: string;
  /**
   * Rule that rejects the request before it is sent if `createCoexistence` knows that the number is on the WhatsApp
   * Business app.
   */
  readonly restriction?: RequestRestriction | undefined;
  /**
   * Name in error messages, with placeholders for IDs.
   * @defaultValue method and path
   */
  readonly operation?: string;
}

/** Connection settings that {@link Client.transfer} passes to its callback. */
export interface ClientConnection {
  /** Token of the target. Send it only to Meta's hosts. */
  readonly token: string;
  readonly baseUrl: string;
  readonly mediaHosts: readonly string[] | undefined;
  /** The caller's `fetch`, if set. */
  readonly fetch: typeof fetch | undefined;
  /** The caller's connection pool, if set. Pass it to Node's `fetch` as `dispatcher`. */
  readonly dispatcher: object | undefined;
  /** Milliseconds allowed for one attempt. */
  readonly timeoutMs: number;
}

/**
 * A connection to the Graph API for one target. {@link createClient} creates it. Actions accept it as their first
 * argument.
 */
export interface Client<Coexistence extends boolean = boolean> {
  /** Phone number and WABA of its calls. */
  readonly target: RequestTarget<Coexistence>;
  /** Graph API version of its calls. */
  readonly version: string;
  /** ID of the Meta app, if set. */
  readonly appId: string | undefined;
  /** Meta's rules for coexistence numbers, if set. */
  readonly policy: CoexistencePolicy | undefined;
  /** Coexistence numbers that `createCoexistence` knows. All views of the client share them. */
  readonly coexistenceNumbers: CoexistenceNumbers;
  /** Whether Meta's published limits are checked before a request is sent. */
  readonly validate: boolean;
  /** Milliseconds allowed for one attempt. */
  readonly timeoutMs: number;
  /** Source of the time. */
  readonly clock: Clock;
  /** Receives log entries of the client. */
  readonly logger: Logger;
  /**
   * Returns a view of the same client for another phone number or WABA. It shares connections, retry budget and
   * options, and is cheap to create.
   *
   * @param target - The phone number and WABA of the view.
   */
  for<Next extends boolean = boolean>(target: RequestTarget<Next>): Client<Next>;
  /**
   * Calls any endpoint of the Graph API, including endpoints without an action in this library.
   *
   * On a coexistence number the client rejects endpoints that the policy forbids, by method and path. It doesn't check
   * messages: send those with {@link sendMessage}.
   *
   * @param request - Method, path, query and body.
   * @param options - Options of this request. See {@link RequestOptions}.
   * @throws {@link RestrictedFeatureError} or {@link StoreError} before the request is sent, {@link GraphApiError} if
   * Meta rejects the request, {@link NetworkError}, {@link TimeoutError}, {@link AbortedError},
   * {@link InvalidResponseError}, {@link MissingCredentialsError}, {@link InvalidArgumentError}.
   *
   * @example
   * ```ts
   * import { createClient } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const settings = await client.request<{ storage_configuration?: unknown }>({
   *   method: 'GET',
   *   path: ['106540352242922', 'settings'],
   * });
   * console.log(settings.storage_configuration);
   * ```
   */
  request<Data>(request: GraphRequest, options?: RequestOptions): ApiPromise<Data>;
  /**
   * Reads a response that isn't JSON of the Graph API, for example a download. It has the features of other reads: the
   * target's token and its renewal, retries within the budget, and tracing.
   *
   * @param operation - Name in error messages.
   * @param read - Makes one attempt and throws errors of the library. It must send the token only to Meta's hosts.
   * @param options - Options of this request. See {@link RequestOptions}.
   * @throws the error of the last attempt.
   *
   * @example
   * ```ts
   * import { createClient } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token' });
   * const page = await client.transfer('GET /docs', async ({ token, baseUrl, timeoutMs }) => {
   *   const headers = { authorization: `Bearer ${token}` };
   *   const answer = await fetch(`${baseUrl}/docs`, {
   *     headers,
   *     redirect: 'error',
   *     signal: AbortSignal.timeout(timeoutMs),
   *   });
   *   return answer.text();
   * });
   * console.log(page.length);
   * ```
   */
  transfer<Result>(operation: string, read: (connection: ClientConnection) => Promise<Result>, options?: RequestOptions): Promise<Result>;
}
