import { coexistencePolicy } from '../../policy/policy.js';
import { systemClock } from '../../runtime/clock.js';
import { createEmitter, type Emitter } from '../../runtime/emitter.js';
import { createAgenda, type Agenda } from './agenda.js';
import { createLifecycle, type Lifecycle } from './app-link.js';
import { createFaults, type Faults } from './create-faults.js';
import { createDeliverer, type Deliverer } from './deliverer.js';
import type { FakeCloudApiOptions } from './fake-cloud-api.js';
import type { FakeEvents } from './fake-events.js';
import type { FakeState } from './fake-state.js';
import { createGraphServer, type GraphServer } from './graph-server.js';
import { createIds } from './ids.js';
import { performTask } from './perform-task.js';
import { createRandom } from './random.js';
import { loadState } from './snapshot.js';
import { createTemplateLifecycle, type TemplateLifecycle } from './template-lifecycle.js';
import { createWebhookSource } from './webhooks.js';
import { emptyWorld, type World } from './world.js';

/** The fields that coexistence needs. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026). */
const usualFields = ['messages', 'account_update', 'history', 'smb_app_state_sync', 'smb_message_echoes'] as const;
const usualReviewMs = 60_000;

/** The parts of a fake, which know each other. */
export interface FakeParts {
  readonly world: World;
  readonly agenda: Agenda;
  readonly deliverer: Deliverer;
  readonly state: FakeState;
  readonly lifecycle: Lifecycle;
  readonly templates: TemplateLifecycle;
  readonly faults: Faults;
  readonly server: GraphServer;
  readonly emitter: Emitter<FakeEvents>;
}

/** Creates the parts of a fake, with the state of a snapshot if there is one. */
export function createFakeParts(options: FakeCloudApiOptions): FakeParts {
  const clock = options.clock ?? systemClock;
  const maxMessages = options.maxMessages ?? Number.POSITIVE_INFINITY;
  const seed = options.seed ?? 1;
  const saved = options.snapshot && loadState(options.snapshot);
  const emitter = createEmitter<FakeEvents>();
  const tell = <Name extends keyof FakeEvents>(name: Name, event: FakeEvents[Name]): void => {
    // A listener that fails is the listener's affair: Meta goes on.
    if (emitter.count(name) > 0) emitter.dispatch(name, event)?.catch(() => undefined);
  };
  // Meta's time never steps back, also if the clock is before the time of a snapshot.
  const startedAtMs = Math.max(clock.now(), saved?.atMs ?? 0) - clock.monotonic();
  const now = (): number => startedAtMs + clock.monotonic();
  const world: World = {
    ...(saved?.data ?? emptyWorld()),
    clock,
    seed,
    now,
    ids: createIds(seed),
    policy: options.policy ?? coexistencePolicy({ asOf: new Date(clock.now()) }),
    app: {
      id: options.appId ?? '900100200300400',
      secret: options.appSecret ?? 'fake-app-secret',
      verifyToken: options.verifyToken ?? 'fake-verify-token',
      subscribedFields: new Set(options.subscribedFields ?? saved?.subscribedFields ?? usualFields),
    },
    mediaUrl: options.mediaUrl ?? 'https://lookaside.fbsbx.com',
    messageIds: options.messageIds ?? 'both-spellings',
    templateReviewMs: options.templateReviewMs ?? usualReviewMs,
    maxMessages,
    changed: (what, id) => {
      tell('change', { what, id });
    },
  };
  if (saved) world.ids.state = saved.ids;
  const agenda = createAgenda(clock, now, (task) => {
    performTask(task, state, { deliverer, lifecycle, templates });
  });
  for (const { task, dueAtMs } of saved?.planned ?? []) agenda.plan(task, Math.max(0, dueAtMs - now()));
  const deliverer = createDeliverer({
    clock,
    now,
    app: world.app,
    agenda,
    random: createRandom(seed, 'delivery'),
    options: options.delivery ?? {},
    maxDeliveries: maxMessages,
    saved: saved?.deliveries,
    onChange: (delivery) => {
      tell('delivery', delivery);
    },
  });
  const state: FakeState = { world, agenda, webhooks: createWebhookSource(world, deliverer) };
  const lifecycle = createLifecycle(state);
  const templates = createTemplateLifecycle(state);
  const faults = createFaults(createRandom(seed, 'faults'), now);
  const server = createGraphServer(state, faults, deliverer, (record) => {
    tell('request', record);
  });
  return { world, agenda, deliverer, state, lifecycle, templates, faults, server, emitter };
}
