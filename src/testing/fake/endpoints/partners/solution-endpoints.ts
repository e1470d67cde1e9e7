import { refuseWithWords } from '../../refusal.js';
import { issueToken } from '../../tokens.js';
import type { Answer, GraphRecord } from '../../entities.js';
import type { World } from '../../world.js';
import { listOf, requiredText, success, type AuthorizedCall, type Call, type RecordCall, type Routes } from '../call.js';
import { addRecord, isoTime, recordsOfOwner, shown, shownPage } from './partner-records.js';

const nodeType = 'WhatsAppBusinessSolution';
const tokenLivesSeconds = 60 * 24 * 60 * 60;

/** Multi-partner solutions of an app. Source: Meta's OpenAPI file (v23.0, Nov 2025). */
export const solutionsOfApp: Routes<Call> = {
  'POST whatsapp_business_solution'(call) {
    const { world } = call.state;
    const { id } = addRecord(world, 'solution', world.app.id, {
      name: requiredText(call, 'solution_name'),
      status: 'INITIATED',
      status_for_pending_request: 'PENDING_ACTIVATION',
      partner_app_id: requiredText(call, 'partner_app_id'),
      owner_permissions: listOf(call, 'owner_permissions'),
    });
    return { solution_id: id };
  },
  'GET whatsapp_business_solutions'(call) {
    const { world } = call.state;
    const solutions = call.fields.role === 'PARTNER' ? [] : recordsOfOwner(world, 'solution', world.app.id);
    return shownPage(
      call,
      nodeType,
      solutions.map((solution) => describeSolution(world, solution)),
    );
  },
  'GET connected_client_businesses'(call) {
    const { world } = call.state;
    const businesses = new Map([...world.wabas.values()].map(({ businessId, name }) => [businessId, name]));
    const created = isoTime(world.now());
    return shownPage(
      call,
      'Business',
      [...businesses].map(([id, name]) => ({
        id,
        name,
        verification_status: 'VERIFIED',
        business_status: 'ACTIVE',
        created_time: created,
        updated_time: created,
      })),
    );
  },
};

/** `/{solution-id}`: its state, and what its partner decides. */
export const solutionNodeRoutes: Routes<RecordCall> = {
  'GET ': ({ record, ...call }) => shown(call, nodeType, describeSolution(call.state.world, record)),
  'GET access_token'(call) {
    const { world } = call.state;
    const businessId = requiredText(call, 'business_id');
    const wabaIds = [...world.wabas.values()].filter((waba) => waba.businessId === businessId).map(({ id }) => id);
    const token = issueToken(world, { wabaIds, expiresInSeconds: tokenLivesSeconds });
    return { access_token: token.value, expires_at: Math.floor(world.now() / 1_000) + tokenLivesSeconds };
  },
  'POST accept'(call) {
    const { record, state } = call;
    requiredText(call, 'partner_app_id');
    change(record, 'ACTIVE', 'NONE');
    return {
      solution_id: record.id,
      partner_status: 'ACCEPTED',
      success: true,
      message: 'The partner accepted the solution.',
      update_time: isoTime(state.world.now()),
    };
  },
  'POST reject'(call) {
    const { record, state, fields } = call;
    const type = requiredText(call, 'request_type');
    change(record, type === 'PARTNERSHIP_REQUEST' ? 'REJECTED' : 'ACTIVE', 'NONE');
    return {
      ...success,
      solution_id: record.id,
      rejected_request_type: type,
      rejection_timestamp: isoTime(state.world.now()),
      ...(fields.partner_app_id !== undefined && { partner_app_id: fields.partner_app_id }),
    };
  },
  'POST send_deactivation_request'({ record, state }) {
    if (record.values.status !== 'ACTIVE')
      throw refuseWithWords(2593079, 'Solution is not active', 'Only an active solution can be deactivated.');
    change(record, 'ACTIVE', 'PENDING_DEACTIVATION');
    return { ...success, message: 'The request was sent to the partner.', request_id: state.world.ids.requestId() };
  },
  'POST accept_deactivation_request': ({ record, state }) => decide(state.world, record, 'DEACTIVATED'),
  'POST reject_deactivation_request': ({ record, state }) => decide(state.world, record, 'ACTIVE'),
};

/** The solutions that an account is part of. */
export function listSolutions(call: AuthorizedCall): Answer {
  const { world } = call.state;
  const solutions = recordsOfOwner(world, 'solution', world.app.id).filter(({ values }) => values.status === 'ACTIVE');
  return shownPage(
    call,
    nodeType,
    solutions.map((solution) => describeSolution(world, solution)),
  );
}

/** A solution as Graph describes it. */
export function describeSolution(world: World, { id, values }: GraphRecord): Answer {
  const { partner_app_id: _partner, ...known } = values;
  return { id, ...known, owner_app: { id: world.app.id, name: 'Fake app' } };
}

function change(record: GraphRecord, status: string, pending: string): void {
  record.values = { ...record.values, status, status_for_pending_request: pending };
}

function decide(world: World, record: GraphRecord, status: string): Answer {
  change(record, status, 'NONE');
  return describeSolution(world, record);
}
