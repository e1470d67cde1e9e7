import { isSync, placeOf } from './event-place.js';
import type { WebhookEvent } from './events/event.js';

/** Where a delivery queues for being taken in hand. */
export interface InboxPlace {
  /** Number and kind (live or sync); deliveries of several numbers are a group of their own. */
  readonly group: string;
  /** The customer whose order is kept; empty where a delivery is about several. */
  readonly lane: string;
}

/** How many deliveries are in hand at once: of one customer, of one number, and of all; the rest waits in the store, not in memory. */
const mostOfLane = 16;
const most = { live: { ofGroup: 256, ofAll: 2_048 }, sync: { ofGroup: 4, ofAll: 16 } };

/** The place of a delivery with these events. */
export function inboxPlaceOf(events: readonly WebhookEvent[]): InboxPlace {
  const groups = new Set<string>();
  const lanes = new Set<string>();
  for (const event of events) {
    const { group, lane } = placeOf(event);
    groups.add(group);
    lanes.add(lane);
  }
  const [group = ''] = groups;
  const [lane = ''] = lanes;
  const kind = events.length > 0 && events.every(isSync) ? 'sync' : 'live';
  return { group: `${kind} ${groups.size === 1 ? group : ''}`, lane: lanes.size === 1 ? lane : '' };
}

/** Counts work in progress, so that a customer can't use all places of a number, a number those of all, or a sync those of live events. */
export interface InboxRooms {
  hasRoom(place: InboxPlace): boolean;
  enter(place: InboxPlace): void;
  leave(place: InboxPlace): void;
}

/** Makes {@link InboxRooms}. */
export function inboxRooms(): InboxRooms {
  const counts = new Map<string, number>();
  const countOf = (name: string): number => counts.get(name) ?? 0;
  const add = ({ group, lane }: InboxPlace, change: 1 | -1): void => {
    for (const name of namesOf(group, lane)) {
      const count = countOf(name) + change;
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
  };
  return {
    hasRoom({ group, lane }) {
      const kind = kindOf(group);
      const { ofGroup, ofAll } = most[kind];
      return (
        countOf(`all ${kind}`) < ofAll &&
        countOf(`group ${group}`) < ofGroup &&
        (lane === '' || countOf(`lane ${group} ${lane}`) < mostOfLane)
      );
    },
    enter(place) {
      add(place, 1);
    },
    leave(place) {
      add(place, -1);
    },
  };
}

/** Which customers have deliveries that wait: what comes later for them must not go ahead. */
export interface WaitingPlaces {
  add(place: InboxPlace): void;
  /** Whether something waits that a delivery of this place must stay behind. */
  blocks(place: InboxPlace): boolean;
}

/** Makes {@link WaitingPlaces}. */
export function waitingPlaces(): WaitingPlaces {
  const groups = new Map<string, Set<string>>();
  return {
    add({ group, lane }) {
      const lanes = groups.get(group);
      if (lanes) lanes.add(lane);
      else groups.set(group, new Set([lane]));
    },
    blocks({ group, lane }) {
      const lanes = groups.get(group);
      // A delivery about several customers stays behind deliveries that wait for any of them, and they behind it.
      return lanes !== undefined && (lane === '' || lanes.has('') || lanes.has(lane));
    },
  };
}

function kindOf(group: string): 'live' | 'sync' {
  return group.startsWith('sync ') ? 'sync' : 'live';
}

function namesOf(group: string, lane: string): readonly string[] {
  return [`all ${kindOf(group)}`, `group ${group}`, `lane ${group} ${lane}`];
}
