import type { FakeHandoverOptions, FakeRoutingOptions, FakeThread, FakeThreadRole } from './fake-thread.js';
import type { FakeState } from './fake-state.js';
import { handoverValue } from './webhook-values.js';
import type { BusinessNumber, Person, ThreadRouting } from './entities.js';
import { personOf } from './people.js';

const escalation: FakeThreadRole = 'escalation';

/** Sets who responds to the customers of a number. Threads keep their owners: with a single responder, that is the app. */
export function routeThreads(number: BusinessNumber, { role, primary }: FakeRoutingOptions = {}): ThreadRouting {
  const known = number.routing;
  const ownRole = role ?? known?.role ?? 'customer_service';
  const owners = known?.owners ?? new Map([...number.lastInboundAtMs.keys()].map((waId) => [waId, ownRole]));
  if (known) for (const [waId, owner] of owners) if (owner === known.role) owners.set(waId, ownRole);
  const routing = { role: ownRole, primary: primary ?? known?.primary ?? ownRole, owners };
  number.routing = routing;
  return routing;
}

/** Returns whether a responder other than the app owns the thread. */
export function isOwnedByOther({ routing }: BusinessNumber, customerWaId: string): boolean {
  const owner = routing?.owners.get(customerWaId);
  return owner !== undefined && owner !== routing?.role;
}

/** Returns whether the app owns the thread: it received the customer's message, or the thread was passed to it. */
export function isOwnedByApp(number: BusinessNumber, customerWaId: string): boolean {
  const { routing } = number;
  // With a single responder, every thread with a customer is the app's.
  return routing ? routing.owners.get(customerWaId) === routing.role : number.lastInboundAtMs.has(customerWaId);
}

/** The customer writes: an idle thread goes to the primary responder. */
export function claimThread({ routing }: BusinessNumber, customerWaId: string): void {
  if (routing && !routing.owners.has(customerWaId)) routing.owners.set(customerWaId, routing.primary);
}

/**
 * Gives a thread to another owner and reports it to the app if Meta does: `control_passed` goes to the new owner, `control_taken` to the
 * previous one. Source: Meta, messaging_handovers webhook reference (22 Sep 2026).
 */
export function setThreadOwner(
  { world, webhooks }: FakeState,
  number: BusinessNumber,
  person: Person,
  change: FakeHandoverOptions & { readonly type: 'control_passed' | 'control_taken'; readonly owner: FakeThreadRole },
): void {
  const routing = number.routing ?? routeThreads(number);
  const { type, owner, ...options } = change;
  const previous = routing.owners.get(person.waId);
  routing.owners.set(person.waId, owner);
  world.changed('number', number.id);
  const notified = type === 'control_passed' ? owner : previous;
  if (notified !== routing.role || previous === owner) return;
  webhooks.emit(number, 'messaging_handovers', handoverValue(number, person, { type, previous, owner, atMs: world.now(), ...options }), {
    time: Math.floor(world.now() / 1_000),
  });
}

/** Makes a thread idle. Meta sends no webhook. */
export function releaseThread({ world }: FakeState, number: BusinessNumber, { waId }: Person): void {
  const routing = number.routing ?? routeThreads(number);
  routing.owners.delete(waId);
  world.changed('number', number.id);
}

/** Makes the other responders of a thread. */
export function createThread(state: FakeState, number: BusinessNumber, customerWaId: string): FakeThread {
  const { world } = state;
  const person = personOf(world, customerWaId);
  const routing = number.routing ?? routeThreads(number);
  return {
    get owner() {
      return number.routing?.owners.get(person.waId);
    },
    pass(role = number.routing?.role ?? routing.role, options = {}) {
      setThreadOwner(state, number, person, { type: 'control_passed', owner: role, ...options });
    },
    take(options = {}) {
      setThreadOwner(state, number, person, { type: 'control_taken', owner: escalation, ...options });
    },
    release() {
      releaseThread(state, number, person);
    },
  };
}
