import { invalidParameter } from '../../refusal.js';
import type { Answer, Waba } from '../../entities.js';
import type { World } from '../../world.js';
import { optionalText, requiredText, storable, success, type RecordCall, type Routes, type WabaCall } from '../call.js';
import { pageOf } from '../listing.js';
import { addRecord, isoTime, recordsOfOwner, shown, shownPage } from './partner-records.js';
import { describeSolution, listSolutions } from './solution-endpoints.js';

/** Source: Meta, changelog (3 Jun 2026). */
const mostSignupText = 300;
const mostPromoCode = 50;

/** Edges of `/{waba-id}` for partners, schedules, activities, catalogs and in-app signup. */
export const partnerRoutesOfWaba: Routes<WabaCall> = {
  'GET activities': (call) => shownPage(call, 'WhatsAppBusinessAccountActivity', activitiesOf(call.state.world, call.waba)),
  'GET solutions': listSolutions,
  'GET in_progress_onbehalf_request': (call) => pageOf(call, []),
  'POST set_solution_migration_intent'(call) {
    const solutionId = requiredText(call, 'solution_id');
    const intent = requiredText(call, 'migration_intent');
    const status = intent === 'CANCEL_MIGRATION' ? 'REJECTED' : 'INITIATED';
    const { id } = addRecord(call.state.world, 'migration-intent', call.waba.id, { status, solution_id: solutionId });
    return { ...success, migration_intent_id: id, status: 'PENDING' };
  },
  'POST obo_mobility_intent'(call) {
    const solutionId = requiredText(call, 'solution_id');
    requiredText(call, 'intent_type');
    const { id } = addMobilityIntent(call, solutionId);
    return { ...success, mobility_intent_id: id, status: 'PENDING', approval_required: true, next_steps: ['Wait for the partner.'] };
  },
  'POST set_obo_mobility_intent'(call) {
    requiredText(call, 'waba_id');
    const { id } = addMobilityIntent(call, optionalText(call, 'solution_id') ?? '');
    const { client_mutation_id: mutation } = call.fields;
    return { ...success, intent_id: id, ...(mutation !== undefined && { client_mutation_id: mutation }) };
  },
  'GET schedules': (call) => recordPage(call, 'schedule', 'WhatsAppBusinessAccountSchedule'),
  'POST schedules'(call) {
    const { world } = call.state;
    for (const name of ['name', 'schedule_type', 'start_time', 'end_time']) requiredText(call, name);
    const atMs = isoTime(world.now());
    const values = { is_active: true, status: 'ACTIVE', ...storable(call), created_time: atMs, updated_time: atMs };
    return { id: addRecord(world, 'schedule', call.waba.id, values).id };
  },
  'GET product_catalogs': (call) => recordPage(call, 'catalog', 'ProductCatalog'),
  'POST product_catalogs'(call) {
    addRecord(call.state.world, 'catalog', call.waba.id, { catalog_id: requiredText(call, 'catalog_id') });
    return success;
  },
  'DELETE product_catalogs'(call) {
    const wanted = requiredText(call, 'catalog_id');
    const known = recordsOfOwner(call.state.world, 'catalog', call.waba.id).find(({ values }) => values.catalog_id === wanted);
    if (!known) throw invalidParameter('The catalog is not connected to this account.');
    call.state.world.records.delete(known.id);
    return success;
  },
  'GET signups': (call) => recordPage(call, 'signup', 'WhatsAppBusinessSignup'),
  'POST signups'(call) {
    for (const name of ['signup_message', 'confirmation_message', 'privacy_policy_url']) requiredText(call, name);
    checkSignup(storable(call));
    return { id: addRecord(call.state.world, 'signup', call.waba.id, { status: 'ACTIVE', ...storable(call) }).id };
  },
};

/** `/signups/{id}` and `/{signup-id}`. */
export const signupNodeRoutes: Routes<RecordCall> = {
  'GET ': (call) => shown(call, 'WhatsAppBusinessSignup', { id: call.record.id, ...call.record.values }),
  'POST '(call) {
    checkSignup(storable(call));
    call.record.values = { ...call.record.values, ...storable(call) };
    return success;
  },
};

/** `/{migration-intent-id}`. */
export const migrationIntentRoutes: Routes<RecordCall> = {
  'GET ': (call) => shown(call, 'WhatsAppBusinessSolutionMigrationIntent', { id: call.record.id, status: call.record.values.status }),
};

/** `/{obo-mobility-intent-id}`. */
export const mobilityIntentRoutes: Routes<RecordCall> = {
  'GET '(call) {
    const { record, state } = call;
    const waba = state.world.wabas.get(record.ownerId);
    const solution = state.world.records.get(String(record.values.solution_id));
    const unnamed = { id: String(record.values.solution_id), name: 'Solution', status: 'ACTIVE', status_for_pending_request: 'NONE' };
    return shown(call, 'WhatsAppBusinessOBOMobilityIntent', {
      id: record.id,
      waba: { id: record.ownerId, name: waba?.name },
      solution: solution?.kind === 'solution' ? describeSolution(state.world, solution) : unnamed,
      status: 'PENDING',
      created_time: record.values.created_time,
    });
  },
};

function addMobilityIntent({ state: { world }, waba }: WabaCall, solutionId: string) {
  return addRecord(world, 'mobility-intent', waba.id, { solution_id: solutionId, created_time: isoTime(world.now()) });
}

function recordPage(call: WabaCall, kind: 'schedule' | 'signup' | 'catalog', type: string): Answer {
  const items = recordsOfOwner(call.state.world, kind, call.waba.id).map(({ id, values }) =>
    kind === 'catalog' ? { id: values.catalog_id, name: `Catalog ${String(values.catalog_id).slice(-4)}` } : { id, ...values },
  );
  return shownPage(call, type, items);
}

function checkSignup(values: Answer): void {
  const limits = { signup_message: mostSignupText, confirmation_message: mostSignupText, promo_code: mostPromoCode };
  for (const [name, limit] of Object.entries(limits)) {
    const value = values[name];
    if (typeof value === 'string' && Array.from(value).length > limit)
      throw invalidParameter(`Param ${name} must be at most ${String(limit)} characters long.`);
  }
}

/** What happened to an account: its numbers and its templates. */
function activitiesOf(world: World, waba: Waba): readonly Answer[] {
  const numbers = [...world.numbers.values()].filter(({ wabaId }) => wabaId === waba.id);
  return [
    ...numbers.map(({ id, waId, onboardedAtMs }) => ({
      id: `5${id.slice(1)}`,
      activity_type: 'PHONE_NUMBER_ADDED',
      timestamp: isoTime(onboardedAtMs),
      actor_type: 'API',
      description: `Phone number +${waId} was added.`,
    })),
    ...[...waba.templates.values()].map(({ id, name, updatedAtMs }) => ({
      id: `5${id.slice(1)}`,
      activity_type: 'TEMPLATE_CREATED',
      timestamp: isoTime(updatedAtMs),
      actor_type: 'API',
      description: `Template ${name} was created.`,
    })),
  ];
}
