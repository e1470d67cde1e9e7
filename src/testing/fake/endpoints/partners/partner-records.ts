import { invalidParameter } from '../../refusal.js';
import type { Answer, GraphRecord } from '../../entities.js';
import type { World } from '../../world.js';
import type { Call } from '../call.js';
import { fieldsOf, pageOf } from '../listing.js';

/** Times as the OpenAPI file has them. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Stores a new object. */
export function addRecord(world: World, kind: GraphRecord['kind'], ownerId: string, values: Answer): GraphRecord {
  const record: GraphRecord = { id: world.ids.graphId(), kind, ownerId, values };
  world.records.set(record.id, record);
  return record;
}

/** The objects of a kind that belong to a node. */
export function recordsOfOwner(world: World, kind: GraphRecord['kind'], ownerId: string): readonly GraphRecord[] {
  return [...world.records.values()].filter((record) => record.kind === kind && record.ownerId === ownerId);
}

/** An object with the requested fields. Without `fields` it has all of them. */
export function shown(call: Call, type: string, item: Answer): Answer {
  const asked = fieldsOf(call).map(({ name }) => name);
  if (asked.length === 0) return item;
  const unknown = asked.find((name) => !(name in item));
  if (unknown !== undefined) throw invalidParameter(`Tried accessing nonexisting field (${unknown}) on node type (${type})`);
  return Object.fromEntries(Object.entries(item).filter(([name]) => name === 'id' || asked.includes(name)));
}

/** A page of objects with the requested fields. */
export function shownPage(call: Call, type: string, items: readonly Answer[]): Answer {
  return pageOf(
    call,
    items.map((item) => shown(call, type, item)),
  );
}
