import type { AccessTokenProvider } from '../client/client.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { WebhookCredentialLookup } from '../webhooks/credential-source.js';
import type { Route } from '../webhooks/webhooks-options.js';

/** What identifies a tenant: the WABA, the number or both. A handshake of Meta has only the path of its URL. */
export interface TenantTarget {
  /** ID of the WhatsApp Business Account. */
  readonly wabaId?: string | undefined;
  /** Graph ID of the business phone number. */
  readonly phoneNumberId?: string | undefined;
  /** Path of the callback URL, for example `/webhook/harbor-bakery`. Only set to find a verify token. */
  readonly path?: string | undefined;
}

/** The members of your tenant that the library reads. Your own type can have others. */
export interface TenantRecord {
  /**
   * The WABA of the tenant. The library compares it with the WABA of the call or event, so that a wrong row can't use the
   * credentials of another business. If a tenant has several WABAs, return the one of the target.
   */
  readonly wabaId: string;
  /** Graph IDs of its numbers. If set, other numbers are rejected. */
  readonly phoneNumberIds?: readonly string[] | undefined;
  /** Token for its requests. */
  readonly accessToken?: string | undefined;
  /** Secret of the Meta app that sends its webhooks, if it differs from the platform's. Pass a list during a rotation. */
  readonly appSecret?: string | readonly string[] | undefined;
  /** Verify token of its own callback URL, if it differs from the platform's. */
  readonly verifyToken?: string | readonly string[] | undefined;
}

/** Options of {@link createTenants}. */
export interface TenantsOptions<Tenant extends TenantRecord> {
  /**
   * Loads a tenant from your database. Return `undefined` if you don't know it. Simultaneous calls for one target share a
   * call of the function.
   */
  readonly find: (target: TenantTarget) => Tenant | undefined | null | Promise<Tenant | undefined | null>;
  /** App secret of the platform, for tenants without their own. @defaultValue such tenants receive no webhooks */
  readonly appSecret?: string | readonly string[] | undefined;
  /** Verify token of the platform, for callback URLs without their own. @defaultValue such URLs are rejected */
  readonly verifyToken?: string | readonly string[] | undefined;
  /** Milliseconds for which a tenant is cached. 0 turns the cache off. @defaultValue 60 000 (1 minute) */
  readonly cacheMs?: number | undefined;
  /** Milliseconds for which an unknown target is cached, so that strangers can't query your database at will. @defaultValue 1 000 */
  readonly missingCacheMs?: number | undefined;
  /** Maximum milliseconds of one call of `find`. @defaultValue 5 000 */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of cached targets. The oldest is removed first. @defaultValue 10 000 */
  readonly maxCached?: number | undefined;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
  /** Receives `tenants.lookup_failed`. @defaultValue prints each kind of warning and error once to stderr */
  readonly logger?: Logger | undefined;
}

/** Tenants that are looked up when they are needed. {@link createTenants} creates it. */
export interface Tenants<Tenant extends TenantRecord> {
  /** Pass it to `createClient`. It finds the token of each request. */
  readonly accessToken: AccessTokenProvider;
  /**
   * Pass it to `createWebhooks`. A delivery must be signed with a secret of every WABA that it contains, so that a tenant with
   * its own app can't send events of another tenant.
   */
  readonly appSecret: WebhookCredentialLookup;
  /** Pass it to `createWebhooks`. It finds the verify token of a callback URL by its path. */
  readonly verifyToken: WebhookCredentialLookup;
  /** Pass it to `createWebhooks`. Handlers receive the tenant as `event.tenant`. */
  readonly route: Route<Tenant>;
  /**
   * Returns a tenant from the cache or from `find`.
   *
   * @param target - The WABA, the number or both.
   * @returns the tenant, or `undefined` if `find` doesn't know it.
   * @throws {@link TenantLookupError} if `find` throws, is late, or returns another tenant.
   */
  get(target: TenantTarget): Promise<Tenant | undefined>;
  /**
   * Creates a guard for a sender that applies the policy of the number's tenant, for example its quiet hours or a limit of its
   * plan. The tenant is looked up for each message, so a change applies after {@link Tenants.invalidate} or `cacheMs`.
   *
   * @param decide - Decides about a message, by the members of your tenant. It can be async.
   * @returns the guard. It fails with a {@link TenantLookupError} if the number has no tenant, and the sender then rejects the
   *   message.
   *
   * @example
   * ```ts
   * import { createClient, createSender, type SendGuard } from 'wa-coexist';
   * import { createTenants, type TenantRecord } from 'wa-coexist/tenants';
   *
   * interface Shop extends TenantRecord {
   *   readonly pausedUntil: Date;
   * }
   * declare function findShop(where: { wabaId?: string | undefined; phoneNumberId?: string | undefined }): Promise<Shop | undefined>;
   *
   * const tenants = createTenants<Shop>({ find: findShop });
   * const policy: SendGuard = tenants.guard((shop) =>
   *   shop.pausedUntil > new Date() ? { verdict: 'hold', reason: 'paused', until: shop.pausedUntil } : { verdict: 'pass' },
   * );
   * const sender = createSender({ client: createClient({ accessToken: tenants.accessToken }), guards: [policy] });
   * ```
   */
  guard<Message, Context extends { readonly phoneNumberId: string }, Verdict>(
    decide: (tenant: Tenant, message: Message, context: Context) => Verdict | Promise<Verdict>,
  ): (message: Message, context: Context) => Promise<Verdict>;
  /**
   * Removes a tenant from the cache. Call it after you have added, changed or removed a tenant. Calls that wait for `find` then
   * look the tenant up again.
   *
   * @param target - The WABA, the number or the path. Without it, all tenants are removed.
   */
  invalidate(target?: TenantTarget): void;
}
