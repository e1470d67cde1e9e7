import { isRecord } from '../../../runtime/json.js';
import { invalidParameter, refuse, refuseWithWords } from '../refusal.js';
import { publicUrl } from '../public-files.js';
import type { Answer, Flow } from '../entities.js';
import { listOf, optionalText, requiredText, success, type FlowCall, type Routes, type WabaCall } from './call.js';
import { validateFlowJson } from './flow-validation.js';
import { fieldsOf, pageOf, pickFields } from './listing.js';

export const flowFields: ReadonlySet<string> = new Set([
  'id',
  'name',
  'status',
  'categories',
  'validation_errors',
  'json_version',
  'data_api_version',
  'endpoint_uri',
  'updated_at',
  'preview',
  'whatsapp_business_account',
  'application',
  'health_status',
  'metric',
]);
const usualFields = ['id', 'name', 'status', 'categories', 'validation_errors'] as const;
/** Source: Meta, Flows (2025). */
const mostJsonBytes = 10 * 1024 * 1024;

/** `/{waba-id}/flows`. */
export const flowRoutes: Routes<WabaCall> = {
  'GET flows': (call) =>
    pageOf(
      call,
      flowsOf(call).map((flow) => pickFields(call, 'WhatsAppBusinessFlow', describeFlow(call, flow), usualFields, flowFields)),
    ),
  'POST flows'(call) {
    const { world } = call.state;
    const name = requiredText(call, 'name');
    const categories = listOf(call, 'categories').map(String);
    if (categories.length === 0) throw invalidParameter('The parameter categories is required.');
    if (flowsOf(call).some((other) => other.name === name))
      throw refuseWithWords(4016019, 'Flow name must be unique', 'There is a flow of this name.');
    const cloneId = optionalText(call, 'clone_flow_id');
    const source = cloneId === undefined ? undefined : world.flows.get(cloneId);
    if (cloneId !== undefined && !source) throw invalidParameter('The flow to clone does not exist.');
    const flow: Flow = {
      id: world.ids.graphId(),
      wabaId: call.waba.id,
      name,
      categories,
      status: 'DRAFT',
      json: optionalText(call, 'flow_json') ?? source?.json,
      endpointUri: optionalText(call, 'endpoint_uri') ?? source?.endpointUri,
      applicationId: undefined,
      updatedAtMs: world.now(),
    };
    world.flows.set(flow.id, flow);
    const errors = validateFlowJson(flow.json);
    if (String(call.fields.publish) === 'true') {
      if (errors.length > 0 || flow.json === undefined) return { id: flow.id, success: false, validation_errors: errors };
      setStatus(call, flow, 'PUBLISHED');
    }
    return { id: flow.id, success: true, ...(flow.json !== undefined && { validation_errors: errors }) };
  },
  'POST migrate_flows'(call) {
    const { world } = call.state;
    const sourceId = requiredText(call, 'source_waba_id');
    const names = listOf(call, 'source_flow_names').map(String);
    const sources = [...world.flows.values()].filter(({ wabaId }) => wabaId === sourceId);
    const wanted = names.length > 0 ? names : sources.map(({ name }) => name);
    const migrated: Answer[] = [];
    const failed: Answer[] = [];
    for (const name of wanted) {
      const source = sources.find((flow) => flow.name === name);
      if (!source) {
        const message = 'Flows Migration Error: Flow name not found in source WABA.';
        failed.push({ source_name: name, error_code: '4233041', error_message: message });
        continue;
      }
      const copy: Flow = { ...source, id: world.ids.graphId(), wabaId: call.waba.id, status: 'DRAFT' };
      world.flows.set(copy.id, copy);
      migrated.push({ source_name: name, source_id: source.id, migrated_id: copy.id });
    }
    return { migrated_flows: migrated, failed_flows: failed };
  },
};

/** `/{flow-id}`. */
export const flowNodeRoutes: Routes<FlowCall> = {
  'GET ': (call) => pickFields(call, 'WhatsAppBusinessFlow', describeFlow(call, call.flow), usualFields, flowFields),
  'POST '(call) {
    const { flow, state } = call;
    flow.name = optionalText(call, 'name') ?? flow.name;
    flow.endpointUri = optionalText(call, 'endpoint_uri') ?? flow.endpointUri;
    flow.applicationId = optionalText(call, 'application_id') ?? flow.applicationId;
    const categories = listOf(call, 'categories').map(String);
    if (categories.length > 0) flow.categories = categories;
    flow.updatedAtMs = state.world.now();
    return success;
  },
  'DELETE '(call) {
    if (call.flow.status !== 'DRAFT') throw refuse(139004, 'Only drafts can be deleted; a published flow can be deprecated.');
    call.state.world.flows.delete(call.flow.id);
    return success;
  },
  'GET assets': (call) =>
    pageOf(
      call,
      call.flow.json === undefined
        ? []
        : [
            {
              name: 'flow.json',
              asset_type: 'FLOW_JSON',
              download_url: publicUrl(call.origin, `flows/${call.flow.id}.json`, 'scontent.xx.fbcdn.net'),
            },
          ],
    ),
  'POST assets'(call) {
    const { flow, files, state } = call;
    if (flow.status !== 'DRAFT') throw refuse(139001, 'A published flow cannot be changed.');
    if (call.fields.name !== 'flow.json' || call.fields.asset_type !== 'FLOW_JSON') {
      throw invalidParameter('Param name must be flow.json, and asset_type FLOW_JSON.');
    }
    const { file } = files;
    if (!file) throw invalidParameter('The parameter file is required.');
    if (file.bytes.length > mostJsonBytes) throw invalidParameter('The file has more than 10 MB.');
    flow.json = new TextDecoder().decode(file.bytes);
    flow.updatedAtMs = state.world.now();
    return { success: true, validation_errors: validateFlowJson(flow.json) };
  },
  'POST publish'(call) {
    if (call.flow.status !== 'DRAFT') throw refuse(139002, 'The flow is published already.');
    if (call.flow.json === undefined || validateFlowJson(call.flow.json).length > 0)
      throw refuse(139002, 'The flow has no JSON, or one with validation errors.');
    setStatus(call, call.flow, 'PUBLISHED');
    return success;
  },
  'POST deprecate'(call) {
    if (call.flow.status !== 'PUBLISHED') throw refuse(139003, 'Only a published flow can be deprecated.');
    setStatus(call, call.flow, 'DEPRECATED');
    return success;
  },
};

function flowsOf({ waba, state: { world } }: WabaCall): readonly Flow[] {
  return [...world.flows.values()].filter(({ wabaId }) => wabaId === waba.id);
}

function setStatus({ state, waba }: WabaCall, flow: Flow, status: Flow['status']): void {
  const old = flow.status;
  flow.status = status;
  state.webhooks.emitEvent(waba, 'flows', {
    value: {
      event: 'FLOW_STATUS_CHANGE',
      message: `Flow ${flow.name} changed status from ${old} to ${status}`,
      flow_id: flow.id,
      old_status: old,
      new_status: status,
    },
  });
}

/** A metric of the endpoint, which the fake does not measure: `metric.name(ENDPOINT_REQUEST_COUNT).granularity(DAY)`. */
function metricOf(call: WabaCall): Answer | undefined {
  const field = fieldsOf(call).find(({ name }) => name === 'metric');
  if (!field) return undefined;
  const { name, granularity } = field.parameters;
  if (typeof name !== 'string') throw invalidParameter('The parameter name is required.');
  return { name, granularity: granularity ?? 'DAY', data_points: [] };
}

function describeFlow(call: WabaCall, flow: Flow): Answer {
  const { world } = call.state;
  const content: unknown = validateFlowJson(flow.json).length === 0 && flow.json !== undefined ? JSON.parse(flow.json) : {};
  const { version, data_api_version: dataVersion }: Answer = isRecord(content) ? content : {};
  const waba = world.wabas.get(flow.wabaId);
  return {
    id: flow.id,
    name: flow.name,
    status: flow.status,
    categories: flow.categories,
    validation_errors: validateFlowJson(flow.json),
    json_version: version,
    data_api_version: dataVersion,
    endpoint_uri: flow.endpointUri,
    metric: metricOf(call),
    updated_at: new Date(flow.updatedAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
    preview: {
      preview_url: publicUrl(call.origin, `flows/${flow.id}/preview`, 'business.facebook.com'),
      expires_at: new Date(world.now() + 30 * 24 * 60 * 60 * 1_000).toISOString().replace(/\.\d+Z$/, '+0000'),
    },
    whatsapp_business_account: { id: flow.wabaId, name: waba?.name, timezone_id: '1' },
    application: flow.applicationId === undefined ? undefined : { id: flow.applicationId, name: 'Fake app' },
    health_status: {
      can_send_message: flow.status === 'PUBLISHED' ? 'AVAILABLE' : 'LIMITED',
      entities: [{ entity_type: 'FLOW', id: flow.id, can_send_message: flow.status === 'PUBLISHED' ? 'AVAILABLE' : 'LIMITED' }],
    },
  };
}
