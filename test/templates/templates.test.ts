import { describe, expect, test } from 'vitest';
import {
  archiveTemplates,
  compareTemplates,
  createTemplate,
  deleteTemplates,
  editTemplate,
  getTemplate,
  GraphApiError,
  listLibraryTemplates,
  listTemplates,
  migrateTemplates,
  previewTemplates,
  TemplateError,
  unarchiveTemplates,
  unpauseTemplate,
  upsertTemplates,
} from 'wa-coexist';
import { type TemplateComponentDefinition } from 'wa-coexist/templates';
import { collect, expectedOf, recordingClient, runAction, type ActionCase } from '../meta/recorder.js';

const waba = '/102290129340398';
const components: TemplateComponentDefinition[] = [
  { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::aW1hZ2U='] } },
  { type: 'BODY', text: 'Order {{1}} is ready.', example: { body_text: [['4711']] } },
  { type: 'FOOTER', text: 'Corner Shop' },
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'On my way' },
      { type: 'URL', text: 'Where', url: 'https://example.com/{{1}}', example: ['https://example.com/4711'] },
      { type: 'FLOW', text: 'Book', flow_id: '1', flow_action: 'navigate', navigate_screen: 'START' },
    ],
  },
];
const created = { id: '564750795574598', status: 'PENDING', category: 'UTILITY' };

const cases: Record<string, ActionCase> = {
  'listTemplates with every filter': {
    call: (client) =>
      collect(
        listTemplates(client, {
          limit: 3,
          fields: ['name', 'rejected_reason'],
          name_or_content: 'order',
          category: 'UTILITY',
          language: ['en_US', 'de'],
          status: 'APPROVED',
          quality_score: 'GREEN',
          since: 1,
          until: 2,
          summary: ['total_count'],
        }),
      ),
    request: `GET ${waba}/message_templates`,
    query: {
      limit: '3',
      fields: 'name,rejected_reason',
      name_or_content: 'order',
      category: 'UTILITY',
      language: '["en_US","de"]',
      status: 'APPROVED',
      quality_score: 'GREEN',
      since: '1',
      until: '2',
      summary: 'total_count',
    },
    answer: { data: [created] },
    result: [created],
  },
  'listTemplates in one language': {
    call: (client) => collect(listTemplates(client, { language: 'de' })),
    request: `GET ${waba}/message_templates`,
    query: { language: 'de' },
    answer: { data: [] },
    result: [],
  },
  getTemplate: {
    call: (client) => getTemplate(client, { templateId: '564750795574598', fields: ['status', 'quality_score'] }),
    request: 'GET /564750795574598',
    query: { fields: 'status,quality_score' },
    answer: { id: '564750795574598', status: 'APPROVED', quality_score: { score: 'GREEN' } },
  },
  createTemplate: {
    call: (client) => createTemplate(client, { name: 'order_ready', language: 'en_US', category: 'UTILITY', components }),
    request: `POST ${waba}/message_templates`,
    body: { name: 'order_ready', language: 'en_US', category: 'UTILITY', components },
    answer: created,
  },
  'createTemplate from the library': {
    call: (client) =>
      createTemplate(client, {
        wabaId: '104996122399160',
        name: 'my_update',
        language: 'en_US',
        category: 'UTILITY',
        library_template_name: 'delivery_update_1',
        library_template_button_inputs: [{ type: 'URL', url: { base_url: 'https://example.com/{{1}}' } }],
      }),
    request: 'POST /104996122399160/message_templates',
    body: {
      name: 'my_update',
      language: 'en_US',
      category: 'UTILITY',
      library_template_name: 'delivery_update_1',
      library_template_button_inputs: '[{"type":"URL","url":{"base_url":"https://example.com/{{1}}"}}]',
    },
    answer: created,
  },
  editTemplate: {
    call: (client) => editTemplate(client, { templateId: '564750795574598', components }),
    request: 'POST /564750795574598',
    body: { components },
  },
  'deleteTemplates by name': {
    call: (client) => deleteTemplates(client, { name: 'order_ready' }),
    request: `DELETE ${waba}/message_templates`,
    query: { name: 'order_ready' },
  },
  'deleteTemplates by id and name': {
    call: (client) => deleteTemplates(client, { name: 'order_ready', templateId: '564750795574598' }),
    request: `DELETE ${waba}/message_templates`,
    query: { name: 'order_ready', hsm_id: '564750795574598' },
  },
  'deleteTemplates by ids': {
    call: (client) => deleteTemplates(client, { templateIds: ['1', '2'] }),
    request: `DELETE ${waba}/message_templates`,
    query: { hsm_ids: '["1","2"]' },
  },
  upsertTemplates: {
    call: (client) =>
      upsertTemplates(client, {
        name: 'login_code',
        languages: ['en_US', 'de'],
        components: [{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
      }),
    request: `POST ${waba}/upsert_message_templates`,
    body: {
      category: 'AUTHENTICATION',
      name: 'login_code',
      languages: ['en_US', 'de'],
      components: [{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
    },
    answer: { data: [{ id: '1', status: 'APPROVED', language: 'en_US' }] },
  },
  previewTemplates: {
    call: (client) =>
      collect(previewTemplates(client, { languages: ['en_US', 'de'], add_security_recommendation: true, code_expiration_minutes: 10 })),
    request: `GET ${waba}/message_template_previews`,
    query: {
      category: 'AUTHENTICATION',
      button_types: 'OTP',
      languages: 'en_US,de',
      add_security_recommendation: 'true',
      code_expiration_minutes: '10',
    },
    answer: { data: [{ language: 'en_US', body: '*{{1}}* is your code.' }] },
    result: [{ language: 'en_US', body: '*{{1}}* is your code.' }],
  },
  listLibraryTemplates: {
    call: (client) => collect(listLibraryTemplates(client, { topic: 'ORDER_MANAGEMENT', usecase: 'DELIVERY_UPDATE', search: 'late' })),
    request: 'GET /message_template_library',
    query: { topic: 'ORDER_MANAGEMENT', usecase: 'DELIVERY_UPDATE', search: 'late' },
    answer: { data: [{ id: '1', name: 'delivery_update_1', language: 'en_US', category: 'UTILITY' }] },
    result: [{ id: '1', name: 'delivery_update_1', language: 'en_US', category: 'UTILITY' }],
  },
  compareTemplates: {
    call: (client) =>
      collect(
        compareTemplates(client, {
          templateId: '1',
          otherTemplateId: '2',
          startAt: new Date('2026-11-01T00:00:00Z'),
          endAt: new Date('2026-11-08T00:00:00.900Z'),
        }),
      ),
    request: 'GET /1/compare',
    query: { template_ids: '["2"]', start: '1793491200', end: '1794096000' },
    answer: { data: [{ metric: 'BLOCK_RATE', type: 'RELATIVE', order_by_relative_metric: ['2', '1'] }] },
    result: [{ metric: 'BLOCK_RATE', type: 'RELATIVE', order_by_relative_metric: ['2', '1'] }],
  },
  migrateTemplates: {
    call: (client) => migrateTemplates(client, { sourceWabaId: '104996122399160', pageNumber: 0, templateIds: ['1'] }),
    request: `POST ${waba}/migrate_message_templates`,
    body: { source_waba_id: '104996122399160', page_number: 0, template_ids: ['1'] },
    answer: { migrated_templates: ['3'], failed_templates: { '1': 'Incorrect category' } },
  },
  unpauseTemplate: { call: (client) => unpauseTemplate(client, { templateId: '1' }), request: 'POST /1/unpause' },
  'unpauseTemplate with a reason why not': {
    call: (client) => unpauseTemplate(client, { templateId: '1' }),
    request: 'POST /1/unpause',
    answer: { success: false, reason: 'Quality is still low' },
  },
  archiveTemplates: {
    call: (client) => archiveTemplates(client, { templateIds: ['1', '2'] }),
    request: `POST api.facebook.com${waba}/message_templates/archive`,
    body: { hsm_ids: ['1', '2'] },
    answer: { archived_templates: ['1'], failed_templates: { '2': 'Only approved or rejected templates can be archived' } },
  },
  unarchiveTemplates: {
    call: (client) => unarchiveTemplates(client, { templateIds: ['1'] }),
    request: `POST api.facebook.com${waba}/message_templates/unarchive`,
    body: { hsm_ids: ['1'] },
    answer: { unarchived_templates: ['1'] },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

test('archiving uses the base URL of the client, like all other calls', async () => {
  const { client, requests } = recordingClient({ archived_templates: [] }, { baseUrl: 'http://127.0.0.1:9' });
  await archiveTemplates(client, { templateIds: ['1'] });
  expect(requests[0]?.url).toBe(`127.0.0.1:9/v26.0${waba}/message_templates/archive`);
});

describe('a rejection', () => {
  test("of a template is a TemplateError with Meta's text for users", async () => {
    const error = {
      message: 'Invalid parameter',
      code: 100,
      error_subcode: 2388039,
      error_user_title: 'Not editable',
      error_user_msg: 'Wait a day.',
    };
    const { client } = recordingClient(() => Response.json({ error }, { status: 400 }));
    const failure: unknown = await editTemplate(client, { templateId: '1', components }).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(TemplateError);
    expect(failure).toMatchObject({ subcode: 2388039, title: 'Not editable', userMessage: 'Wait a day.' });
  });

  test('of unpauseTemplate without a reason is an error', async () => {
    const { client } = recordingClient({ success: false });
    await expect(unpauseTemplate(client, { templateId: '1' })).rejects.toThrow(GraphApiError);
  });
});

test('a page of a list contains its totals', async () => {
  const { client } = recordingClient({ data: [], summary: { total_count: 12 } });
  const [page] = await collect(listTemplates(client, { summary: ['total_count'] }).pages());
  expect(page?.summary).toEqual({ total_count: 12 });
});
