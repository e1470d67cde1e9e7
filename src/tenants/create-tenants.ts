import { checkFunction, checkNumbers, checkObject, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { TenantLookupError } from './tenant-lookup-error.js';
import { tenantCache } from './tenant-cache.js';
import type { TenantRecord, Tenants, TenantsOptions } from './tenant.js';

const owner = 'createTenants';

/**
 * Looks up tenants when they are needed, so that you can add and remove tenants without a restart. Its parts are options of
 * `createWebhooks` and `createClient`. Senders and `createCoexistence` use the client, so their tokens are looked up, too.
 *
 * - A tenant is cached for `cacheMs`, an unknown one for `missingCacheMs`. {@link Tenants.invalidate} removes it immediately.
 * - Simultaneous calls share one call of `find`. Errors of `find` are not cached, and `find` has `timeoutMs` milliseconds.
 * - A tenant is only used for its own WABA and numbers. If `find` returns another one, the look-up fails with a
 *   {@link TenantLookupError}, and no request is sent.
 *
 * @param options - The function that loads a tenant, and the times of the cache. See {@link TenantsOptions}.
 * @returns the parts for the other functions. See {@link Tenants}.
 * @throws `InvalidArgumentError` if an option is wrong.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 * import { createTenants, type TenantRecord } from 'wa-coexist/tenants';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * interface Shop extends TenantRecord {
 *   readonly name: string;
 * }
 * declare function findShop(where: { wabaId?: string | undefined; phoneNumberId?: string | undefined }): Promise<Shop | undefined>;
 *
 * const tenants = createTenants<Shop>({ find: findShop, appSecret: 'app-secret', verifyToken: 'verify-token' });
 * const client = createClient({ accessToken: tenants.accessToken });
 * const { appSecret, verifyToken, route } = tenants;
 * const webhooks = createWebhooks({ appSecret, verifyToken, route });
 * webhooks.on('message', (event) => {
 *   console.log(event.tenant.name, client.for(event.tenant).target);
 * });
 *
 * // After a change in your database:
 * tenants.invalidate({ wabaId: '102290129340398' });
 * ```
 */
export function createTenants<Tenant extends TenantRecord = TenantRecord>(options: TenantsOptions<Tenant>): Tenants<Tenant> {
  return readOptions(owner, options, connectTenants);
}

function connectTenants<Tenant extends TenantRecord>(options: TenantsOptions<Tenant>): Tenants<Tenant> {
  checkTenantsOptions(options);
  const { find, cacheMs = 60_000, missingCacheMs = 1_000, timeoutMs = 5_000, maxCached = 10_000 } = options;
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock, logger);
  const cache = tenantCache({ find, cacheMs, missingCacheMs, timeoutMs, maxCached, clock });
  const appSecrets = listOf(options.appSecret);
  const verifyTokens = listOf(options.verifyToken);

  const secretsOf = async (wabaId: string | undefined): Promise<readonly string[]> => {
    const tenant = wabaId === undefined ? undefined : await cache.get({ wabaId });
    const own = listOf(tenant?.appSecret);
    return own.length > 0 ? own : appSecrets;
  };
  return {
    accessToken: {
      getToken: async ({ wabaId, phoneNumberId }) => (await cache.get({ wabaId, phoneNumberId }))?.accessToken,
      expireToken: (target, token) => {
        cache.expireToken(target, token);
      },
    },
    appSecret: async (_request, { wabaIds }) => {
      if (wabaIds.length === 0) return appSecrets;
      const lists = await Promise.all(wabaIds.map(secretsOf));
      const [first = [], ...others] = lists;
      return first.filter((secret) => others.every((list) => list.includes(secret)));
    },
    verifyToken: async ({ url }) => {
      const path = new URL(url).pathname;
      try {
        return [...listOf((await cache.get({ path }))?.verifyToken), ...verifyTokens];
      } catch (error) {
        if (verifyTokens.length === 0) throw error;
        logger.error('tenants.lookup_failed', { path, error, consequence: 'only the verify token of the platform is accepted' });
        return verifyTokens;
      }
    },
    route: async ({ wabaId, phoneNumberId }) => {
      try {
        return await cache.get({ wabaId, phoneNumberId });
      } catch (error) {
        // A row of another tenant stays wrong, so a retry of the event has no effect before the query is corrected.
        if (!(error instanceof TenantLookupError) || error.problem !== 'wrong-tenant') throw error;
        logger.error('tenants.lookup_failed', { wabaId, phoneNumberId, error, consequence: 'the event has no tenant' });
        return undefined;
      }
    },
    get: (target) => {
      checkObject('tenants.get', 'target', target);
      return cache.get(target);
    },
    guard: (decide) => {
      checkFunction('tenants.guard', 'decide', decide, 'required');
      return async (message, context) => {
        const { phoneNumberId } = context;
        const tenant = await cache.get({ phoneNumberId });
        if (!tenant) throw new TenantLookupError({ phoneNumberId }, 'unknown', 'the find function returned no tenant');
        return decide(tenant, message, context);
      };
    },
    invalidate: (target) => {
      if (target !== undefined) checkObject('tenants.invalidate', 'target', target);
      cache.invalidate(target);
    },
  };
}

function checkTenantsOptions<Tenant extends TenantRecord>(options: TenantsOptions<Tenant>): void {
  checkFunction(owner, 'find', options.find, 'required');
  checkNumbers<TenantsOptions<Tenant>>(owner, options, {
    cacheMs: { min: 0, unit: 'ms' },
    missingCacheMs: { min: 0, unit: 'ms' },
    timeoutMs: { unit: 'ms' },
    maxCached: {},
  });
  for (const name of ['clock', 'logger'] as const) {
    if (options[name] !== undefined) checkObject(owner, name, options[name]);
  }
  for (const name of ['appSecret', 'verifyToken'] as const) {
    const value: unknown = options[name];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (value === undefined || (values.length > 0 && values.every((one) => typeof one === 'string' && one.trim() !== ''))) continue;
    throw new InvalidArgumentError(owner, name, 'must be a non-empty string or a list of them (is the environment variable set?)');
  }
}

/** The valid texts of a credential. Rows of a database may contain anything. */
function listOf(credential: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(credential) ? credential : [credential];
  return values.filter((value): value is string => typeof value === 'string' && value.trim() !== '');
}
