/**
 * A span for each operation of the library, in the trace of the caller.
 *
 *   node examples/open-telemetry/main.ts     prints the spans of two calls to a fake Cloud API
 *
 * With the real thing:
 *   import { trace } from '@opentelemetry/api';
 *   createClient({ …, instrument: openTelemetry(trace.getTracer('wa-coexist')) });
 */
import { createClient, getPhoneNumber, isWhatsAppError, sendMessage, type Instrument } from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';

/** What is used of an OpenTelemetry `Tracer`. */
export interface Tracer {
  startActiveSpan<Result>(name: string, run: (span: Span) => Result): Result;
}
export interface Span {
  setAttribute(name: string, value: string): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

export const openTelemetry =
  (tracer: Tracer): Instrument =>
  (operation, run) =>
    tracer.startActiveSpan(operation, async (span) => {
      try {
        return await run();
      } catch (error) {
        // Neither name nor kind holds an id or a secret; SpanStatusCode.ERROR is 2.
        span.setAttribute('error.type', isWhatsAppError(error) ? error.kind : 'unexpected');
        span.setStatus({ code: 2 });
        throw error;
      } finally {
        span.end();
      }
    });

if (import.meta.main) {
  const print: Tracer = {
    startActiveSpan: (name, run) => {
      const line = [name];
      return run({
        setAttribute: (key, value) => line.push(`${key}=${value}`),
        setStatus: () => undefined,
        end: () => {
          console.log(line.join(' '));
        },
      });
    },
  };
  const instrument = openTelemetry(print);
  const { WHATSAPP_ACCESS_TOKEN: token, WHATSAPP_PHONE_NUMBER_ID: ownNumber, WHATSAPP_BASE_URL: baseUrl } = process.env;
  if (token && ownNumber) {
    await getPhoneNumber(createClient({ accessToken: token, phoneNumberId: ownNumber, instrument, ...(baseUrl && { baseUrl }) }));
  } else {
    const fake = createFakeCloudApi();
    const { accessToken, phoneNumberId } = fake.coexistenceNumber();
    const client = createClient({ accessToken, phoneNumberId, fetch: fake.fetch, instrument });
    // Nobody wrote before, so the window is closed: two lines, one with the kind of the error.
    await getPhoneNumber(client);
    await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } }).catch(() => undefined);
  }
}
