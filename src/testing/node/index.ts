/**
 * Test tools that need Node: the contract of stores. The other tools of `wa-coexist/testing` also run in a browser.
 *
 * @module wa-coexist/testing/node
 */

export { storeContract, type StoreContractCase, type StoreContractOptions } from './store-contract.js';
export {
  fakeMatchers,
  type FakeDeliveryMatch,
  type FakeMatcherResult,
  type FakeMatchers,
  type FakeRequestMatch,
  type FakeSentMatch,
  type FakeTextMatch,
} from '../fake-matchers.js';
