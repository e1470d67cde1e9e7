/**
 * Runs a program of the guide against the fake Cloud API: `node run-against-fake.ts program.ts`. The IDs and the token that
 * the guide invents exist, and the customers have just written. At the end, it prints the requests.
 */
import { generateKeyPairSync } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { createClient, uploadMedia } from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';

const phoneNumberId = '106540352242922';
const wabaId = '102290129340398';
const photo = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0);

const fake = createFakeCloudApi();
const { accessToken } = fake.coexistenceNumber({ phoneNumberId, wabaId });
const customers = ['15550100987', '5511987654321'].map((number) => fake.customer(number));
const messageId = customers.map((customer) => customer.send(phoneNumberId, 'Hello'))[0] ?? '';
const client = createClient({ accessToken, phoneNumberId, fetch: fake.fetch });
const { id: mediaId } = await uploadMedia(client, { file: new Blob(['%PDF-1.7'], { type: 'application/pdf' }) });
const requestsBefore = fake.requests.length;

/** Replaces the IDs that the guide invents by those of the fake. */
const withRealIds = (text: string): string =>
  text
    .replaceAll('1003383421387256', mediaId)
    .replaceAll('123456789012345', fake.app.id)
    .replaceAll(/\bwamid\.1\b/g, messageId);

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (request.url === 'https://example.com/shoes.jpg') return new Response(photo, { headers: { 'content-type': 'image/jpeg' } });
  const headers = new Headers(request.headers);
  if (/^(?:Bearer|OAuth) token$/.test(headers.get('authorization') ?? '')) headers.set('authorization', `Bearer ${accessToken}`);
  const isJson = headers.get('content-type')?.startsWith('application/json') === true;
  const body = request.body === null ? undefined : isJson ? withRealIds(await request.text()) : await request.arrayBuffer();
  return fake.fetch(withRealIds(request.url), { method: request.method, headers, ...(body !== undefined && { body }) });
};

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
process.env['FLOW_PRIVATE_KEY'] = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
process.env['APP_SECRET'] = fake.app.secret;

await import(pathToFileURL(process.argv[2] ?? '').href);
const requests = fake.requests.slice(requestsBefore).map(({ method, path, status }) => `${method} ${path} ${String(status)}`);
process.stderr.write(`requests: ${JSON.stringify(requests)}\n`);
await fake.close();
