import { describe, expect, test } from 'vitest';
import {
  createFlow,
  deleteFlow,
  deprecateFlow,
  getFlow,
  GraphApiError,
  listFlowAssets,
  listFlows,
  migrateFlows,
  publishFlow,
  updateFlow,
  uploadFlowJson,
} from 'wa-coexist';
import { collect, expectedOf, recordingClient, runAction, type ActionCase } from '../meta/recorder.js';

const waba = '/102290129340398';
const flowJson = { version: '7.0', screens: [{ id: 'START' }] };
const mistakes = [{ error: 'INVALID_PROPERTY', error_type: 'FLOW_JSON_ERROR', message: 'wrong', line_start: 1, column_start: 2 }];

const cases: Record<string, ActionCase> = {
  listFlows: {
    call: (client) => collect(listFlows(client, { fields: ['id', 'status'], limit: 2 })),
    request: `GET ${waba}/flows`,
    query: { fields: 'id,status', limit: '2' },
    answer: { data: [{ id: '1', status: 'DRAFT' }] },
    result: [{ id: '1', status: 'DRAFT' }],
  },
  getFlow: {
    call: (client) => getFlow(client, { flowId: '1', fields: ['preview.invalidate(false)'] }),
    request: 'GET /1',
    query: { fields: 'preview.invalidate(false)' },
    answer: { id: '1', preview: { preview_url: 'https://example.com/preview' } },
  },
  createFlow: {
    call: (client) => createFlow(client, { name: 'Booking', categories: ['OTHER'], flowJson, publish: true }),
    request: `POST ${waba}/flows`,
    body: { name: 'Booking', categories: ['OTHER'], flow_json: JSON.stringify(flowJson), publish: true },
    answer: { id: '1', success: true, validation_errors: [] },
  },
  'createFlow as a clone': {
    call: (client) => createFlow(client, { wabaId: '104996122399160', name: 'Booking 2', categories: ['OTHER'], clone_flow_id: '1' }),
    request: 'POST /104996122399160/flows',
    body: { name: 'Booking 2', categories: ['OTHER'], clone_flow_id: '1' },
    answer: { id: '2' },
  },
  'createFlow with mistakes, which are an answer': {
    call: (client) => createFlow(client, { name: 'Booking', categories: ['OTHER'], flowJson: '{}' }),
    request: `POST ${waba}/flows`,
    body: { name: 'Booking', categories: ['OTHER'], flow_json: '{}' },
    answer: { id: '1', success: false, validation_errors: mistakes },
  },
  updateFlow: {
    call: (client) => updateFlow(client, { flowId: '1', endpoint_uri: 'https://example.com/flow', application_id: '2' }),
    request: 'POST /1',
    body: { endpoint_uri: 'https://example.com/flow', application_id: '2' },
  },
  deleteFlow: { call: (client) => deleteFlow(client, { flowId: '1' }), request: 'DELETE /1' },
  publishFlow: { call: (client) => publishFlow(client, { flowId: '1' }), request: 'POST /1/publish' },
  deprecateFlow: { call: (client) => deprecateFlow(client, { flowId: '1' }), request: 'POST /1/deprecate' },
  listFlowAssets: {
    call: (client) => collect(listFlowAssets(client, { flowId: '1' })),
    request: 'GET /1/assets',
    answer: { data: [{ name: 'flow.json', asset_type: 'FLOW_JSON', download_url: 'https://example.com/flow.json' }] },
    result: [{ name: 'flow.json', asset_type: 'FLOW_JSON', download_url: 'https://example.com/flow.json' }],
  },
  'uploadFlowJson, with mistakes': {
    call: (client) => uploadFlowJson(client, { flowId: '1', flowJson }),
    request: 'POST /1/assets',
    body: {
      name: 'flow.json',
      asset_type: 'FLOW_JSON',
      file: { name: 'flow.json', type: 'application/json', text: JSON.stringify(flowJson) },
    },
    answer: { success: true, validation_errors: mistakes },
  },
  migrateFlows: {
    call: (client) => migrateFlows(client, { sourceWabaId: '104996122399160', sourceFlowNames: ['Booking'] }),
    request: `POST ${waba}/migrate_flows`,
    body: { source_waba_id: '104996122399160', source_flow_names: ['Booking'] },
    answer: { migrated_flows: [{ source_name: 'Booking', source_id: '1', migrated_id: '2' }], failed_flows: [] },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

describe('Flow JSON as text', () => {
  test('is uploaded unchanged', async () => {
    const { client, requests } = recordingClient({ success: true, validation_errors: [] });
    await uploadFlowJson(client, { flowId: '1', flowJson: '{ "version" : "7.0" }' });
    expect(requests[0]?.body).toMatchObject({ file: { text: '{ "version" : "7.0" }' } });
  });
});

test('a rejected publication is an error', async () => {
  const { client } = recordingClient(() => Response.json({ error: { message: 'no', code: 139002 } }, { status: 400 }));
  await expect(publishFlow(client, { flowId: '1' })).rejects.toThrow(GraphApiError);
});
