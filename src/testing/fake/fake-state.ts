import type { Agenda } from './agenda.js';
import type { Webhooks } from './webhooks.js';
import type { World } from './world.js';

/** What phones, customers and endpoints act on: the world, its webhooks, and what is to happen later. */
export interface FakeState {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly agenda: Agenda;
}

/** Milliseconds after an answer at which its first webhook goes out: after the answer, but without making tests on a real clock wait. */
export const soonMs = 1;
