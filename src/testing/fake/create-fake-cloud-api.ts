import type { FakeCloudApi, FakeCloudApiOptions } from './fake-cloud-api.js';

export function createFakeCloudApi(options: FakeCloudApiOptions = {}): FakeCloudApi {
  throw new Error(`being written ${String(options.seed)}`);
}
