import { describeValue } from '../errors/check-options.js';
import type { Clock } from '../runtime/clock.js';
import { isRecord } from '../runtime/json.js';
import { joinKey } from '../runtime/keys.js';
import { within } from '../runtime/within.js';
import { TenantLookupError } from './tenant-lookup-error.js';
import type { TenantRecord, TenantsOptions, TenantTarget } from './tenant.js';

/** Cached tenants by target. */
export interface TenantCache<Tenant extends TenantRecord> {
  /** @throws {@link TenantLookupError} */
  get(target: TenantTarget): Promise<Tenant | undefined>;
  invalidate(target: TenantTarget | undefined): void;
  /** Removes the tenant of a target if it still has this token. */
  expireToken(target: TenantTarget, token: string): void;
}

interface Cached<Tenant> {
  readonly target: TenantTarget;
  readonly tenant: Tenant;
  readonly expiresAtMs: number;
}

interface Pending<Tenant> {
  readonly target: TenantTarget;
  readonly promise: Promise<Tenant | undefined>;
  /** Whether `invalidate` was called since `find` was. */
  isOutdated: boolean;
}

/** Options of {@link tenantCache}, without defaults. */
export interface TenantCacheOptions<Tenant extends TenantRecord> {
  readonly find: TenantsOptions<Tenant>['find'];
  readonly cacheMs: number;
  readonly missingCacheMs: number;
  readonly timeoutMs: number;
  readonly maxCached: number;
  readonly clock: Clock;
}

/** Number of look-ups of one call if tenants are invalidated meanwhile. */
const maxLookups = 3;
/** Unknown targets have a separate list, so that strangers can't evict tenants from the cache. */
const maxMissing = 1_000;

/** Creates the cache. */
export function tenantCache<Tenant extends TenantRecord>(options: TenantCacheOptions<Tenant>): TenantCache<Tenant> {
  return new LookupCache(options);
}

class LookupCache<Tenant extends TenantRecord> implements TenantCache<Tenant> {
  readonly #options: TenantCacheOptions<Tenant>;
  readonly #clock: Clock;
  readonly #cached = new Map<string, Cached<Tenant>>();
  /** The time at which each unknown target is looked up again. */
  readonly #missing = new Map<string, number>();
  readonly #pending = new Map<string, Pending<Tenant>>();

  constructor(options: TenantCacheOptions<Tenant>) {
    this.#options = options;
    this.#clock = options.clock;
  }

  async get({ wabaId, phoneNumberId, path }: TenantTarget): Promise<Tenant | undefined> {
    const target = Object.freeze({ wabaId, phoneNumberId, path });
    const key = joinKey(wabaId, phoneNumberId, path);
    for (let lookups = 1; ; lookups += 1) {
      const entry = this.#known(key);
      if (entry !== undefined) return entry === 'missing' ? undefined : entry.tenant;
      const lookup = this.#pending.get(key) ?? this.#start(key, target);
      const tenant = await lookup.promise;
      if (!lookup.isOutdated || lookups === maxLookups) return tenant;
    }
  }

  invalidate(target: TenantTarget | undefined): void {
    this.#missing.clear();
    for (const [key, entry] of this.#cached) {
      if (target === undefined || isSame(target, entry.target) || isOf(target, entry.tenant)) this.#cached.delete(key);
    }
    for (const [key, entry] of this.#pending) {
      // Its tenant isn't known yet. It can't be that of another WABA.
      if (target?.wabaId !== undefined && entry.target.wabaId !== undefined && target.wabaId !== entry.target.wabaId) continue;
      entry.isOutdated = true;
      this.#pending.delete(key);
    }
  }

  expireToken({ wabaId, phoneNumberId }: TenantTarget, token: string): void {
    const tenant = this.#cached.get(joinKey(wabaId, phoneNumberId, undefined))?.tenant;
    if (tenant?.accessToken !== token) return;
    for (const [key, entry] of this.#cached) if (entry.tenant.accessToken === token) this.#cached.delete(key);
  }

  async #load(target: TenantTarget): Promise<Tenant | undefined> {
    const { find, timeoutMs } = this.#options;
    let result;
    try {
      result = await within(this.#clock, timeoutMs, () => find(target));
    } catch (cause) {
      throw new TenantLookupError(target, 'failed', 'the find function failed', { cause });
    }
    if (result.type === 'late') {
      throw new TenantLookupError(target, 'timeout', `the find function returned no tenant within ${String(timeoutMs)} ms (timeoutMs)`);
    }
    return checkTenant(target, result.value);
  }

  #store(key: string, target: TenantTarget, tenant: Tenant | undefined): void {
    const { cacheMs, missingCacheMs, maxCached } = this.#options;
    const now = this.#clock.now();
    if (tenant === undefined) {
      if (missingCacheMs > 0) put(this.#missing, key, now + missingCacheMs, maxMissing);
    } else if (cacheMs > 0) {
      put(this.#cached, key, { target, tenant, expiresAtMs: now + cacheMs }, maxCached);
    }
  }

  #start(key: string, target: TenantTarget): Pending<Tenant> {
    const promise = this.#load(target).then(
      (tenant) => {
        if (this.#pending.get(key) === entry) {
          this.#pending.delete(key);
          this.#store(key, target, tenant);
        }
        return tenant;
      },
      (error: unknown) => {
        if (this.#pending.get(key) === entry) this.#pending.delete(key);
        throw error;
      },
    );
    const entry: Pending<Tenant> = { target, promise, isOutdated: false };
    this.#pending.set(key, entry);
    return entry;
  }

  #known(key: string): Cached<Tenant> | 'missing' | undefined {
    const now = this.#clock.now();
    const entry = this.#cached.get(key);
    if (entry && entry.expiresAtMs > now) return entry;
    this.#cached.delete(key);
    const missingUntilMs = this.#missing.get(key);
    if (missingUntilMs !== undefined && missingUntilMs > now) return 'missing';
    this.#missing.delete(key);
    return undefined;
  }
}

/** Adds an entry as the newest, and removes the oldest if there are too many. */
function put<Value>(map: Map<string, Value>, key: string, value: Value, maxSize: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maxSize) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function isSame(target: TenantTarget, other: TenantTarget): boolean {
  return (['wabaId', 'phoneNumberId', 'path'] as const).some((name) => target[name] !== undefined && target[name] === other[name]);
}

function isOf({ wabaId, phoneNumberId }: TenantTarget, tenant: TenantRecord): boolean {
  return tenant.wabaId === wabaId || (phoneNumberId !== undefined && tenant.phoneNumberIds?.includes(phoneNumberId) === true);
}

/**
 * Checks what `find` returned.
 *
 * @throws {@link TenantLookupError} unless it is `undefined`, `null` or a tenant of the target.
 */
function checkTenant<Tenant extends TenantRecord>(target: TenantTarget, found: Tenant | undefined | null): Tenant | undefined {
  if (found === undefined || found === null) return undefined;
  let wabaId: unknown;
  let phoneNumberIds: unknown;
  try {
    if (isRecord(found)) ({ wabaId, phoneNumberIds } = found);
  } catch {
    throw new TenantLookupError(target, 'invalid', 'a getter of the tenant throws');
  }
  if (typeof wabaId !== 'string') {
    throw new TenantLookupError(target, 'invalid', `the wabaId of a tenant must be a string, but is ${describeValue(wabaId)}`);
  }
  if (phoneNumberIds !== undefined && !Array.isArray(phoneNumberIds)) {
    throw new TenantLookupError(target, 'invalid', `phoneNumberIds of a tenant must be a list, but is ${describeValue(phoneNumberIds)}`);
  }
  const advice = 'Nothing of that tenant was used. Correct the query of find';
  if (target.wabaId !== undefined && wabaId !== target.wabaId) {
    throw new TenantLookupError(target, 'wrong-tenant', `find returned the tenant of WABA ${wabaId}. ${advice}`);
  }
  if (target.phoneNumberId !== undefined && phoneNumberIds?.includes(target.phoneNumberId) === false) {
    throw new TenantLookupError(target, 'wrong-tenant', `find returned a tenant without this number. ${advice}`);
  }
  return found;
}
