import { AuthenticationError, GraphApiError } from '../errors/graph-api-error.js';
import { AbortedError, InvalidResponseError } from '../errors/connection-errors.js';
import { MissingCredentialsError } from '../errors/usage-errors.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import { wait, type Clock } from '../runtime/clock.js';
import { resolveClock } from '../runtime/clock-guard.js';
import type { Instrument } from '../runtime/instrument.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import { defined } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { defaultServerWaitMs } from '../policy/server-wait.js';
import { accessTokens, type AccessTokens } from './access-token.js';
import { ApiPromise, type ApiResult } from './api-promise.js';
import { buildBody, buildHeaders, buildUrl } from './build-request.js';
import { checkClientOptions, checkRequest, checkRequestOptions, checkTarget, parseBaseUrl } from './check-client-options.js';
import type { Client, ClientOptions, ClientConnection, GraphRequest, RequestAuth, RequestOptions, RequestTarget } from './client.js';
import { createCoexistenceNumbers } from './coexistence-numbers.js';
import { readAnswer } from './graph-answer.js';
import { versionWatch } from './graph-versions.js';
import { hiddenSegments, operationOf, requestLine } from './operation.js';
import { readParameters } from './parameters.js';
import { mayBeRestricted, rejectKnownNumber } from './non-coexistence-client.js';
import { redactor } from './redact.js';
import { restrictionOf } from './restricted-request.js';
import { mayRetry, retryBudget, retryDelayMs } from './retry.js';
import { exchange } from './ky-transport.js';

/**
 * Creates a client of the Graph API, the first argument of every action.
 *
 * A client serves one number. With `accessToken` as a function and {@link Client.for}, it serves hundreds of tenants
 * over the same connections. The client retries reads and requests that Meta certainly rejected. It never repeats a
 * request that Meta may have processed. Use {@link createSender} for queues and pacing, and {@link createWhatsApp} for
 * actions as methods.
 *
 * @param options - Credentials, target and settings. All are optional. See {@link ClientOptions}.
 * @throws {@link InvalidArgumentError} for an invalid option, and {@link MissingCredentialsError} for `appSecretProof`
 * without `appSecret`.
 *
 * @example
 * ```ts
 * import { createClient, sendMessage } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sent = await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } });
 * console.log(sent.messages[0].id);
 *
 * const tokens = new Map([['waba-1', 'token-1']]);
 * const platform = createClient({ accessToken: ({ wabaId }) => tokens.get(wabaId ?? '') });
 * const shop = platform.for({ wabaId: 'waba-1', phoneNumberId: '106540352242922', coexistence: true });
 * ```
 */
export function createClient<const Coexistence extends boolean = boolean>(options: ClientOptions<Coexistence> = {}): Client<Coexistence> {
  const maxServerWaitMs = readParameters('createClient', options, {}, () => {
    checkClientOptions(options);
    return options.policy?.limits.maxServerWaitMs ?? defaultServerWaitMs;
  });
  const { phoneNumberId, wabaId, coexistence } = options;
  return new GraphRequests(options, maxServerWaitMs).clientFor(defined({ phoneNumberId, wabaId, coexistence }));
}

/** Maximum size of a JSON response in bytes, after decompression. */
const defaultResponseBytes = 32 * 1024 * 1024;

const defaults = {
  version: 'v26.0',
  baseUrl: 'https://graph.facebook.com',
  timeoutMs: 30_000,
  maxRetries: 2,
  maxResponseBytes: defaultResponseBytes,
  validate: true,
} as const satisfies ClientOptions;

/** The state that all clients with the same options share: credentials, connections and the retry budget. */
class GraphRequests {
  /** The options as they were when the client was created, with defaults. */
  readonly #options: ClientOptions & { readonly [Name in keyof typeof defaults]: NonNullable<ClientOptions[Name]> };
  readonly #maxServerWaitMs: number;
  readonly #version: string;
  readonly #baseUrl: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #instrument: Instrument;
  readonly #tokens: AccessTokens;
  readonly #budget = retryBudget();
  readonly #watchVersion: (headers: Headers) => void;
  readonly #coexistenceNumbers = createCoexistenceNumbers();

  constructor(given: ClientOptions, maxServerWaitMs: number) {
    const options = { ...defaults, ...defined(given) };
    this.#options = options;
    this.#maxServerWaitMs = maxServerWaitMs;
    this.#version = options.version;
    this.#baseUrl = parseBaseUrl(options.baseUrl);
    this.#logger = resolveLogger(options.logger);
    this.#clock = resolveClock(options.clock, this.#logger);
    this.#instrument = resolveInstrument(options.instrument, this.#clock, this.#logger);
    this.#tokens = accessTokens(options.accessToken);
    this.#watchVersion = versionWatch(this.#version, this.#logger, this.#clock);
    if (options.appSecretProof && options.appSecret === undefined) throw new MissingCredentialsError('appSecretProof', 'appSecret');
  }

  /** Creates a client for a target. */
  clientFor<Coexistence extends boolean>(target: RequestTarget<Coexistence>): Client<Coexistence> {
    const { appId, policy, validate, timeoutMs } = this.#options;
    const self: Client<Coexistence> = {
      target,
      version: this.#version,
      appId,
      policy,
      coexistenceNumbers: this.#coexistenceNumbers,
      validate,
      timeoutMs,
      clock: this.#clock,
      logger: this.#logger,
      for: (next) => {
        checkTarget('client.for', next);
        return this.clientFor(next);
      },
      request: <Data>(request: GraphRequest, requestOptions: RequestOptions = {}) =>
        // The action declares the type of the data. Responses aren't validated field by field, and unknown fields are
        // passed through.
        new ApiPromise<Data>(this.#request(self, request, requestOptions) as Promise<ApiResult<Data>>),
      transfer: (operation, read, given = {}) => this.#transfer(target, operation, read, given),
    };
    return self;
  }

  async #request(self: Client, given: GraphRequest, givenOptions: RequestOptions): Promise<ApiResult<unknown>> {
    const request = checkRequest(given, givenOptions);
    const operation = operationOf(request);
    const requestOptions = checkRequestOptions(operation, givenOptions);
    return this.#instrument('graph.request', async () => {
      if (mayBeRestricted(self)) {
        const restriction = request.restriction ?? restrictionOf(self, request);
        if (restriction) await rejectKnownNumber(this.#coexistenceNumbers, restriction);
      }
      return this.#call(self.target, request.auth ?? 'target', request.method === 'GET', operation, requestOptions, (token) =>
        this.#tryOnce(request, token, requestOptions),
      );
    });
  }

  async #transfer<Result>(
    target: RequestTarget,
    operation: string,
    read: (connection: ClientConnection) => Promise<Result>,
    given: RequestOptions,
  ): Promise<Result> {
    const requestOptions = checkRequestOptions(operation, given);
    const { mediaHosts, fetch, dispatcher } = this.#options;
    return this.#instrument('graph.transfer', () =>
      this.#call(target, 'target', true, operation, requestOptions, (token = '') =>
        read({
          token,
          baseUrl: this.#baseUrl,
          mediaHosts,
          fetch,
          dispatcher,
          timeoutMs: requestOptions.timeoutMs ?? this.#options.timeoutMs,
        }),
      ),
    );
  }

  /** Makes one attempt: sends the request and reads the response according to Meta's conventions. */
  async #tryOnce(request: GraphRequest, token: string | undefined, call: RequestOptions): Promise<ApiResult<unknown>> {
    const { appId, appSecret, appSecretProof, baseUrl, dispatcher, fetch, maxResponseBytes } = this.#options;
    const operation = operationOf(request);
    const proof =
      token !== undefined && appSecretProof ? await (await import('./app-secret-proof.js')).appSecretProof(token, appSecret) : undefined;
    const secrets = [token, appSecret, proof, ...hiddenSegments(request)];
    const redact = redactor(secrets, request.query, request.body);
    const headers = buildHeaders(operation, call.headers, token, request.scheme);
    const root = request.host && baseUrl === defaults.baseUrl ? `https://${request.host}` : `${this.#baseUrl}/${this.#version}`;
    const credentials = request.auth === 'app-credentials' ? { client_id: appId, client_secret: appSecret } : undefined;
    const url = buildUrl(root, operation, request, proof === undefined ? credentials : { ...credentials, appsecret_proof: proof });
    const body = buildBody(operation, request.body, headers);
    const { method } = request;
    const startedAtMs = this.#clock.monotonic();
    const line = (): string => redactor(secrets)(requestLine(request));
    const answer = await exchange(
      {
        url,
        method,
        headers,
        body,
        timeoutMs: call.timeoutMs ?? this.#options.timeoutMs,
        signal: call.signal,
        fetch,
        dispatcher,
        operation,
        line,
        redact,
      },
      maxResponseBytes,
    );
    this.#logger.debug('graph.response_received', {
      operation,
      status: answer.status,
      durationMs: Math.round(this.#clock.monotonic() - startedAtMs),
    });
    try {
      this.#watchVersion(answer.headers);
      return readAnswer(answer, { template: operation, line }, redact, request.partial, this.#maxServerWaitMs);
    } catch (error) {
      if (error instanceof WhatsAppError) throw error;
      // The headers of a caller's `fetch` may throw.
      throw new InvalidResponseError(`${operation}: the response could not be read.`, answer.status, '');
    }
  }

  #tokenFor(target: RequestTarget, auth: RequestAuth, operation: string, call: RequestOptions): Promise<string | undefined> {
    if (auth === 'target')
      return this.#tokens.of(target, { operation, timeoutMs: call.timeoutMs ?? this.#options.timeoutMs, signal: call.signal });
    if (typeof auth === 'object') return Promise.resolve(auth.token);
    const { appId, appSecret } = this.#options;
    if (appId === undefined || appSecret === undefined) {
      return Promise.reject(new MissingCredentialsError(operation, 'appId and appSecret'));
    }
    return Promise.resolve(auth === 'app' ? `${appId}|${appSecret}` : undefined);
  }

  /**
   * Makes attempts in sequence. Looks up and renews the credential, and retries if that is safe and within the budget.
   */
  async #call<Answer>(
    target: RequestTarget,
    auth: RequestAuth,
    isRead: boolean,
    operation: string,
    requestOptions: RequestOptions,
    attempt: (token: string | undefined) => Promise<Answer>,
  ): Promise<Answer> {
    const retries = requestOptions.maxRetries ?? this.#options.maxRetries;
    let tokenWasRenewed = false;
    for (let retry = 0; ;) {
      const token = await this.#tokenFor(target, auth, operation, requestOptions);
      try {
        const answer = await attempt(token);
        this.#budget.refund();
        return answer;
      } catch (error) {
        if (isAboutToken(error) && auth === 'target' && !tokenWasRenewed && token !== undefined && this.#tokens.expire(target, token)) {
          tokenWasRenewed = true;
          this.#logger.info('graph.token_rejected', { operation, code: error.code });
          // After a permission error, retries only with a different token, which exists if a business was onboarded
          // again.
          if (
            error instanceof AuthenticationError ||
            (await this.#tokenFor(target, auth, operation, requestOptions).catch(() => token)) !== token
          )
            continue;
        }
        retry += 1;
        if (retry > retries || !mayRetry(error, isRead)) throw error;
        if (!this.#budget.take(error)) {
          this.#logger.warn('graph.retry_budget_exhausted', { operation });
          throw error;
        }
        const delayMs = Math.round(retryDelayMs(error, retry, Math.random));
        this.#logger.debug('graph.retry_scheduled', { operation, retry, delayMs });
        await this.#waitOrAbort(delayMs, operation, requestOptions.signal);
      }
    }
  }

  async #waitOrAbort(delayMs: number, operation: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await wait(this.#clock, delayMs, signal);
    } catch (cause) {
      throw new AbortedError(`${operation} was aborted while waiting for its next attempt.`, 'not-sent', { cause });
    }
  }
}

/**
 * Reports whether Meta rejected the token: it expired (190), lacks a permission, or can't access the object (100,
 * subcode 33).
 */
function isAboutToken(error: unknown): error is GraphApiError {
  return error instanceof GraphApiError && (error.kind === 'authentication' || error.kind === 'permission' || error.subcode === 33);
}
