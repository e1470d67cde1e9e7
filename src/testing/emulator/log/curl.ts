import type { FakeRequestRecord } from '../../fake/fake-request.js';

/** Returns a shell command that repeats a request. The token comes from the environment. */
export function requestCurl({ method, path, body }: FakeRequestRecord, emulatorUrl: string): string {
  const url = new URL(`${emulatorUrl}/v26.0/${path}`);
  const hasBody = method !== 'GET' && Object.keys(body).length > 0;
  if (!hasBody) for (const [name, value] of Object.entries(body)) url.searchParams.set(name, textOf(value));
  return [
    `curl -X ${method} ${quoted(url.href)}`,
    '-H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN"',
    ...(hasBody ? ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`] : []),
  ].join(' \\\n  ');
}

/** Returns a shell command that posts a webhook with its signature. */
export function deliveryCurl(delivery: { readonly body: string; readonly signature: string }, receiver: string | undefined): string {
  return [
    `curl -X POST ${quoted(receiver ?? 'http://127.0.0.1:3000/webhook')}`,
    "-H 'Content-Type: application/json'",
    `-H 'X-Hub-Signature-256: ${delivery.signature}'`,
    `-d ${quoted(delivery.body)}`,
  ].join(' \\\n  ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
