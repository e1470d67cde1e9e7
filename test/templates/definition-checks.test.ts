import { describe, expect, test } from 'vitest';
import { createClient, createTemplate, editTemplate, listTemplates } from 'wa-coexist';
import { recordMeta, recordingClient } from '../meta/recorder.js';

type Wire = Readonly<Record<string, unknown>>;

/** A client, and the bodies that Meta received. */
function recording(validate = true) {
  return recordingClient({ id: '1', status: 'PENDING', category: 'UTILITY', success: true }, { validate });
}
const body = { type: 'BODY', text: 'Hello' };
const create = (components: readonly Wire[], more: Wire = {}, validate = true): Promise<unknown[]> => {
  const { client, bodies } = recording(validate);
  const template = { name: 'order_ready', language: 'en', category: 'UTILITY', components, ...more };
  // Callers without TypeScript can pass any value.
  return createTemplate(client, template as unknown as Parameters<typeof createTemplate>[1]).then(() => bodies);
};
const image = (example?: Wire): Wire => ({ type: 'HEADER', format: 'IMAGE', ...(example && { example }) });
const link = (more: Wire = {}): Wire => ({
  type: 'BUTTONS',
  buttons: [{ type: 'URL', text: 'Go', url: 'https://x.example/{{1}}', ...more }],
});
const named = {
  type: 'body',
  text: 'Hi {{ customer_name }}, your order is ready.',
  example: { body_text_named_params: [{ param_name: 'customer_name', example: 'Ana' }] },
};

describe('createTemplate rejects before the request', () => {
  test.each<[string, string, readonly Wire[], Wire, string]>([
    ['named variables without parameter_format', 'parameter_format', [named], {}, 'NAMED'],
    ['named variables in a header', 'parameter_format', [{ type: 'HEADER', format: 'TEXT', text: '{{shop}}' }, body], {}, 'shop'],
    ['numbered variables with NAMED', 'components[0].text', [{ type: 'BODY', text: '{{1}}' }], { parameter_format: 'NAMED' }, 'name'],
    ['a media header without a sample', 'components[0].example', [image(), body], {}, 'uploadTemplateSample'],
    ['an empty list of handles', 'components[0].example', [image({ header_handle: [] }), body], {}, 'uploadTemplateSample'],
    ['a URL', 'components[0].example.header_handle', [image({ header_handle: ['https://x.example/a.jpg'] }), body], {}, 'URL'],
    ['a media ID', 'components[0].example.header_handle', [image({ header_handle: ['1013859600285441'] }), body], {}, 'media ID'],
    ['a URL button without a sample', 'components[1].buttons[0].example', [body, link()], {}, 'sample'],
    ['an empty sample', 'components[1].buttons[0].example', [body, link({ example: [] })], {}, 'sample'],
    ['a name with capitals', 'name', [body], { name: 'Order Ready' }, 'a-z'],
    [
      'a card of a carousel without a sample',
      'components[1].cards[1].components[0].example',
      [
        body,
        {
          type: 'carousel',
          cards: [{ components: [image({ header_handle: ['4::aW'] })] }, { components: [{ ...image(), format: 'video' }] }],
        },
      ],
      {},
      'uploadTemplateSample',
    ],
  ])('%s', async (_what, field, components, more, hint) => {
    const created = create(components, more);
    await expect(created).rejects.toMatchObject({ name: 'InvalidArgumentError', field });
    await expect(created).rejects.toThrow(hint);
    expect(await create(components, more, false)).toHaveLength(1);
  });
});

test.each<[string, readonly Wire[], Wire]>([
  ['named variables with NAMED', [named, link({ example: ['https://x.example/1'] })], { parameter_format: 'NAMED' }],
  ['a handle of uploadTemplateSample', [image({ header_handle: ['4::aW1hZ2UvanBlZw==:ARZ'] }), body], {}],
  ['a fixed address', [body, link({ url: 'https://x.example' })], {}],
  ['a sample as a string', [body, link({ example: 'https://x.example/1' })], {}],
  ['components that Meta adds', [body, { type: 'NEW_PART', cards: 1 }], {}],
])('createTemplate sends %s', async (_what, components, more) => {
  expect(await create(components, more)).toHaveLength(1);
});

test('editTemplate checks samples, and keeps the format that the template has', async () => {
  const { client, bodies } = recording();
  await editTemplate(client, { templateId: '1', components: [named] as never });
  expect(bodies).toHaveLength(1);
  await expect(editTemplate(client, { templateId: '1', components: [{ type: 'HEADER', format: 'IMAGE' }] })).rejects.toMatchObject({
    field: 'components[0].example',
  });
});

describe('a listing whose pages have paging.next only', () => {
  const names = async (next: (after: string | null) => unknown): Promise<unknown[]> => {
    const client = createClient({
      accessToken: 'token',
      wabaId: '2',
      fetch: recordMeta(({ query: { after = null } }) => ({ data: [{ name: after ?? 'first' }], paging: { next: next(after) } })).fetch,
    });
    const read: unknown[] = [];
    for await (const { name } of listTemplates(client)) read.push(name);
    return read;
  };

  test('reads every page', async () => {
    const more: Record<string, string> = { first: 'QVFI=', 'QVFI=': 'two' };
    const next = (after: string | null): unknown => {
      const following = more[after ?? 'first'];
      return following && `https://graph.facebook.com/v26.0/2/message_templates?limit=1&after=${encodeURIComponent(following)}`;
    };
    expect(await names(next)).toEqual(['first', 'QVFI=', 'two']);
  });

  test('rejects instead of ending early if the address has no cursor', async () => {
    await expect(names(() => 'https://graph.facebook.com/v26.0/2/message_templates?offset=25')).rejects.toThrow('no cursor');
  });
});

test.each([
  ['spaces after a brace', `{{${' '.repeat(100_000)}`],
  ['many braces', `{{ ${'x'.repeat(300)}`.repeat(300)],
  ['opening braces', '{'.repeat(100_000)],
])('a text with %s is checked in less than a second', async (_what, text) => {
  const startedAtMs = performance.now();
  await create([{ type: 'BODY', text }]).catch(() => undefined);
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});
