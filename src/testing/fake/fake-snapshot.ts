import type { JsonObject } from '../../runtime/json.js';

/** All that a fake knows, as JSON. What is in it is the fake's own affair and changes with its version. */
export interface FakeSnapshot extends JsonObject {
  readonly version: 1;
}
