/**
 * The fake Cloud API as msw request handlers. Needs `msw` 2.11 or newer.
 *
 * @module wa-coexist/testing/msw
 */

export { handlers, type HandlersOptions } from './handlers.js';
