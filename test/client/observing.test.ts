import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { createClient, getPhoneNumber, loggerFrom, sendMessage, type Logger } from 'wa-coexist';
import { openTelemetry, type Span, type Tracer } from '../../examples/open-telemetry/main.js';
import { recordMeta } from '../meta/recorder.js';

const refusal = { error: { message: 'refused', code: 131047 } };
const hello = { to: '15550100987', type: 'text', text: { body: 'Hello' } } as const;

/** A tracer with an active span, like OpenTelemetry on Node. */
function recordingTracer() {
  const active = new AsyncLocalStorage<string>();
  const spans: { name: string; parent: string | undefined; attributes: Record<string, string>; status?: number; ended?: true }[] = [];
  const tracer: Tracer = {
    startActiveSpan(name, run) {
      const record: (typeof spans)[number] = { name, parent: active.getStore(), attributes: {} };
      spans.push(record);
      const span: Span = {
        setAttribute: (key, value) => (record.attributes[key] = value),
        setStatus: ({ code }) => (record.status = code),
        end: () => {
          record.ended = true;
        },
      };
      return active.run(name, () => run(span));
    },
  };
  return { tracer, spans, active };
}

test('a call is a span in the trace of its caller, and its own work has that span as parent', async () => {
  const { tracer, spans, active } = recordingTracer();
  const seen: (string | undefined)[] = [];
  const client = createClient({
    accessToken: 't',
    phoneNumberId: '1',
    instrument: openTelemetry(tracer),
    fetch: recordMeta((_request, index) => {
      seen.push(active.getStore());
      return Response.json(index === 0 ? { id: '1' } : refusal, { status: index === 0 ? 200 : 400 });
    }).fetch,
  });
  await active.run('checkout', async () => {
    await getPhoneNumber(client);
    await sendMessage(client, hello).catch(() => undefined);
  });
  expect(seen).toEqual(['graph.request', 'graph.request']);
  expect(spans).toEqual([
    { name: 'graph.request', parent: 'checkout', attributes: {}, ended: true },
    { name: 'graph.request', parent: 'checkout', attributes: { 'error.type': 'window-closed' }, status: 2, ended: true },
  ]);
});

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
] as const)('a logger with the level %s writes %j', (level, expected) => {
  const written: string[] = [];
  const note = (own: string) => (message: string, facts?: object) => written.push(`${own}${message}${JSON.stringify(facts)}`);
  const all: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const some = loggerFrom(level, all);
  for (const own of ['debug', 'info', 'warn', 'error'] as const) some[own](' x', { a: 1 });
  expect(written).toEqual(expected.map((own) => `${own} x{"a":1}`));
});

test('each response is logged with operation, status and duration, and without IDs', async () => {
  const facts: unknown[] = [];
  const silent = (): void => undefined;
  const logger: Logger = { debug: (message, told) => facts.push([message, told]), info: silent, warn: silent, error: silent };
  const client = createClient({
    accessToken: 't',
    phoneNumberId: '339900112233445',
    logger,
    fetch: recordMeta({ id: '1' }).fetch,
  });
  await getPhoneNumber(client);
  expect(facts).toEqual([
    ['graph.response_received', { operation: 'GET /{phone-number-id}', status: 200, durationMs: expect.any(Number) as number }],
  ]);
});
