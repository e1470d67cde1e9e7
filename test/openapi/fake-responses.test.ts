import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { performAll, type FakeReply } from './fake-operations.js';
import { hasSpecs, openapiFile, operationsOfSpec } from './specs.js';

/**
 * Known errors of the file: the path of the member, and the correct value according to Meta's pages and recorded
 * responses.
 */
const wrongInFile: readonly (readonly [operation: RegExp, path: RegExp, reason: string])[] = [
  [/GET .*message_qrdls\/\{QR-Code-ID\}/, /required property/, 'Meta answers a list with one code.'],
  [
    /settings$/,
    /^\/calling must have required property 'ip_addresses'|\/(?:status|call_icon_visibility|callback_permission_status) must be equal/,
    'Words are capital.',
  ],
  [/GET .*call_permissions/, /permission\/status must be equal/, "Meta's page has no_permission, temporary and permanent."],
  [/business_compliance_info/, /_number must match pattern/, 'The pattern has a backslash too many.'],
  [/GET \/\{Media-ID\}/, /^\/file_size must be string/, "Meta's page and responses have numbers, too."],
  [/Number-ID\}$|phone_numbers$/, /required property 'status'/, 'Without `fields`, Meta leaves the status out.'],
  [/POST .*\/calls/, /exactly one schema in oneOf/, 'Both of its schemas allow the response.'],
];

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, unknown>> }>>;
}

describe.skipIf(!hasSpecs)("the fake and Meta's OpenAPI file", async () => {
  const replies = hasSpecs ? await performAll() : new Map<string, FakeReply>();
  // The webhook isn't an operation of the Graph API.
  const operations = [...operationsOfSpec()].filter((operation) => !operation.includes('webhooks'));
  const { paths = {}, ...file } = (openapiFile ?? {}) as { readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  if (hasSpecs) ajv.addSchema({ ...file, paths }, 'meta');

  const validatorOf = (operation: string) => {
    const [method = '', path = ''] = operation.split(' ');
    const key = `/{Version}${path}`;
    const content = paths[key]?.[method.toLowerCase()]?.responses?.['200']?.content;
    if (!content?.['application/json']) return undefined;
    const at = [key, method.toLowerCase()].map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    return ajv.compile({ $ref: `meta#/paths/${at.join('/')}/responses/200/content/application~1json/schema` });
  };

  test.each(operations)('%s responds as the file specifies', (operation) => {
    const reply = replies.get(operation);
    expect(reply, operation).toMatchObject({ status: 200 });
    const validate = validatorOf(operation);
    if (!validate || validate(reply?.body)) return;
    const problems = (validate.errors ?? [])
      .map(({ instancePath, message = '' }) => `${instancePath} ${message}`)
      .filter((problem) => !wrongInFile.some(([known, path]) => known.test(operation) && path.test(problem)));
    expect(problems, JSON.stringify(reply?.body)).toEqual([]);
  });
});
