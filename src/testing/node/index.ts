/**
 * Test tools that need Node: the contract that every store passes. Everything else of `wa-coexist/testing` also runs in a browser.
 *
 * @module wa-coexist/testing/node
 */

export { storeContract, type StoreContractCase, type StoreContractOptions } from './store-contract.js';
