/**
 * Tenants that are looked up at runtime: `createTenants` finds tokens, app secrets and verify tokens by WABA and number.
 *
 * @module wa-coexist/tenants
 */
export { createTenants } from './create-tenants.js';
export { TenantLookupError, type TenantLookupProblem } from './tenant-lookup-error.js';
export type { TenantRecord, Tenants, TenantsOptions, TenantTarget } from './tenant.js';
export type { AccessTokenProvider } from '../client/client.js';
