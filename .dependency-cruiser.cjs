/** The import rules of the house: arrows run one way, each dependency has one door. Types count. */
const resources =
  '^src/(messages|media|templates|phone-numbers|business-accounts|business-profiles|qr-codes|block-users|commerce|analytics|calls|groups|usernames|uploads|access-tokens)/';
/** A template message is written with the values of a template, so both folders know its shape. */
const templateMessages = '^src/messages/(outgoing/template|document-name|template/.*)\\.ts$';
const only = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: '^src/', pathNot: [...to, from] } });
const door = (dependency, file) => ({
  name: `one-door-${dependency}`,
  severity: 'error',
  from: { path: '^src/', pathNot: file },
  to: { path: `^node_modules/${dependency}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('runtime-is-the-ground', '^src/runtime/', []),
    only('errors-know-only-runtime', '^src/errors/', ['^src/runtime/']),
    only('policy-knows-only-runtime-and-errors', '^src/policy/', ['^src/runtime/', '^src/errors/']),
    only('stores-know-only-runtime-and-errors', '^src/stores/', ['^src/runtime/', '^src/errors/']),
    only('identity-knows-stores-and-event-types', '^src/identity/', ['^src/(runtime|errors|stores)/', '^src/webhooks/(events|fields)/']),
    only('embedded-signup-knows-only-runtime-errors-and-event-types', '^src/embedded-signup/', [
      '^src/(runtime|errors)/',
      '^src/webhooks/(events|fields)/',
    ]),
    only('client-knows-no-room-above', '^src/client/', ['^src/runtime/', '^src/errors/', '^src/policy/']),
    {
      name: 'resource-rooms-know-only-client-errors-policy',
      severity: 'error',
      from: { path: resources },
      to: {
        path: '^src/',
        pathNot: ['^src/(runtime|errors|policy|client)/', '^src/$1/', '^src/identity/', '^src/webhooks/(events|fields)/', templateMessages],
      },
    },
    only('flows-know-client-and-how-webhooks-are-signed-and-read', '^src/flows/', [
      '^src/(runtime|errors|policy|client)/',
      '^src/webhooks/(events|filters)/',
      '^src/webhooks/signature\\.ts$',
    ]),
    {
      name: 'only-templates-know-template-messages',
      severity: 'error',
      from: { path: resources, pathNot: '^src/(messages|templates)/' },
      to: { path: templateMessages },
    },
    {
      name: 'others-take-only-types-of-webhook-fields',
      severity: 'error',
      from: { path: '^src/(?!webhooks/|testing/)' },
      to: { path: '^src/webhooks/(events|fields)/', dependencyTypesNot: ['type-only'] },
    },
    only('webhooks-never-reach-client-sender-or-resources', '^src/webhooks/', ['^src/(runtime|errors|stores|identity)/']),
    {
      name: 'sender-knows-nothing-of-coexistence',
      severity: 'error',
      from: { path: '^src/sender/' },
      to: { path: '^src/(coexistence|whatsapp|testing|cli)/' },
    },
    {
      name: 'sender-takes-only-event-types-of-webhooks',
      severity: 'error',
      from: { path: '^src/sender/' },
      to: { path: '^src/webhooks/', pathNot: '^src/webhooks/(events|fields)/' },
    },
    {
      name: 'coexistence-takes-only-event-types-of-webhooks',
      severity: 'error',
      from: { path: '^src/coexistence/' },
      to: { path: '^src/(whatsapp|testing|cli)/|^src/webhooks/(?!events/|fields/)|^src/sender/(?!guard\\.ts$)' },
    },
    {
      name: 'coexistence-modules-meet-through-events-and-store',
      severity: 'error',
      from: { path: '^src/coexistence/([^/]+)/' },
      to: { path: '^src/coexistence/[^/]+/', pathNot: '^src/coexistence/$1/' },
    },
    only('conversations-know-messages-media-and-events', '^src/conversations/', [
      '^src/(runtime|errors|policy|client|identity|stores|messages|media)/',
      '^src/webhooks/(events|fields|filters)/',
    ]),
    only('tenants-know-client-and-types-of-webhooks', '^src/tenants/', [
      '^src/(runtime|errors|client)/',
      '^src/webhooks/(credential-source|webhooks-options)\\.ts$',
    ]),
    only('nestjs-knows-webhooks', '^src/nestjs/', ['^src/(runtime|errors|webhooks)/']),
    {
      name: 'testing-runs-in-browsers',
      severity: 'error',
      from: { path: '^src/testing/(?!node/|emulator/)' },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'testing-runs-in-browsers-also-through-others',
      severity: 'error',
      from: { path: '^src/testing/(?!node/|emulator/)' },
      to: {
        path: '^src/(webhooks/(sign|signature|handshake|delivery-pipeline|node/.*)\\.ts$|testing/(node|emulator)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'fake-has-rules-of-its-own',
      comment: 'Limits that the client and the fake share hide wrong limits.',
      severity: 'error',
      from: { path: '^src/testing/fake/' },
      to: { path: '^src/(messages|templates|media|coexistence|client|sender|flows|thread-control|phone-numbers|business-accounts)/' },
    },
    { name: 'nothing-imports-testing', severity: 'error', from: { path: '^src/(?!testing/|cli/)' }, to: { path: '^src/testing/' } },
    {
      name: 'nothing-imports-whatsapp',
      severity: 'error',
      from: { path: '^src/(?!whatsapp/|index\\.ts)' },
      to: { path: '^src/whatsapp/' },
    },
    { name: 'nothing-imports-cli', severity: 'error', from: { path: '^src/(?!cli/)' }, to: { path: '^src/cli/' } },
    door('ky', '^src/client/ky-transport\\.ts$'),
    door('p-queue', '^src/sender/queue/executor\\.ts$'),
    door('bullmq', '^src/sender/bullmq/queues\\.ts$'),
    door('zod', '^src/webhooks/parsing/schema\\.ts$'),
    door('libphonenumber-js', '^src/eligibility/countries-of\\.ts$'),
    only('eligibility-knows-only-policy-and-identity', '^src/eligibility/', ['^src/(runtime|errors|policy|identity)/']),
    door('@nestjs/core', '^src/nestjs/'),
    door('msw', '^src/testing/msw/'),
    door('vitest', '^src/testing/vitest/'),
    door('preact', '^src/testing/emulator/page/'),
    door('eventemitter3', '^src/runtime/emitter\\.ts$'),
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        // Peers of the caller's, and what the build puts into the emulator's page.
        pathNot: ['^node_modules/(@types/node|msw|vitest|@nestjs/core|libphonenumber-js|bullmq|ioredis|preact)/'],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|docs)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'types'] },
  },
};
