/**
 * A span for each operation of the library, in the trace of the caller. With the real thing:
 *   import { trace } from '@opentelemetry/api';
 *   createClient({ …, instrument: openTelemetry(trace.getTracer('wa-coexist')) });
 */
import { createClient, isWhatsAppError, sendMessage, type Instrument } from 'wa-coexist';
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
  const fake = createFakeCloudApi();
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, fetch: fake.fetch, instrument: openTelemetry(print) });
  // Nobody wrote before, so the window is closed: two lines, one with the kind of the error.
  await client.request({ method: 'GET', path: [phoneNumberId] });
  await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } }).catch(() => undefined);
}
