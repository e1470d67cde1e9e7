import type { FakeCloudApi } from '../fake/fake-cloud-api.js';

/** The customers that the page can play. */
export interface CustomerList {
  /** The numbers of the first customers, as digits. */
  readonly waIds: Iterable<string>;
  close(): void;
}

/** The page offers at most this number of customers. */
const maxCustomers = 200;

/** Collects the first customers of a fake. `fake.customers` takes too long if there are many. */
export function createCustomerList(fake: FakeCloudApi): CustomerList {
  const waIds = new Set(fake.customers.slice(0, maxCustomers).map(({ waId }) => waId));
  const close = fake.on('change', ({ what, id }) => {
    if (what === 'customer' && waIds.size < maxCustomers) waIds.add(id);
  });
  return { waIds, close };
}
