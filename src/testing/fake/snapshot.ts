import { describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { Agenda, PlannedTask } from './agenda.js';
import type { Deliverer } from './deliverer.js';
import type { SavedDeliveries } from './delivery-log.js';
import type { FakeSnapshot } from './fake-snapshot.js';
import { pack, unpack } from './pack.js';
import { emptyWorld, type World, type WorldData } from './world.js';

/** The state that a fake continues from. */
export interface SavedState {
  readonly data: WorldData;
  /** Meta's time of the snapshot. */
  readonly atMs: number;
  readonly ids: readonly number[];
  readonly subscribedFields: Set<string>;
  readonly deliveries: SavedDeliveries;
  readonly planned: readonly PlannedTask[];
}

/** Returns the snapshot of a fake. */
export function saveState(world: World, agenda: Agenda, deliverer: Deliverer): FakeSnapshot {
  const names = Object.keys(emptyWorld()) as (keyof WorldData)[];
  const state: SavedState = {
    // The same names, with what is in them.
    data: Object.fromEntries(names.map((name) => [name, world[name]])) as unknown as WorldData,
    atMs: world.now(),
    ids: world.ids.state,
    subscribedFields: world.app.subscribedFields,
    deliveries: deliverer.save(),
    planned: agenda.planned(),
  };
  return { version: 1, state: pack(state) };
}

/** Reads a snapshot. @throws `Error` if it comes from another version. */
export function loadState(snapshot: FakeSnapshot): SavedState {
  // A caller without types can pass anything.
  const version: unknown = snapshot.version;
  if (version !== 1) {
    const rule = `must be of version 1, but has version ${describeValue(version)}. Use the snapshot with the version of wa-coexist that made it`;
    throw new InvalidArgumentError('createFakeCloudApi', 'snapshot', rule);
  }
  const state = unpack(snapshot.state) as SavedState;
  return { ...state, data: { ...emptyWorld(), ...state.data } };
}
