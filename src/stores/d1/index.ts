/**
 * A store on Cloudflare D1, for Workers.
 *
 * @module wa-coexist/d1
 */
export { d1Store, d1Schema, type D1Store, type D1StoreOptions } from './d1-store.js';
export type { D1Database, D1Statement, D1Value } from './d1-database.js';
