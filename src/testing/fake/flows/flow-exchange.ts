import { isRecord } from '../../../runtime/json.js';
import { parseBase64 } from '../../../runtime/parse-base64.js';
import type { FakeReceiver } from '../fake-delivery.js';
import { deliveryTimeoutMs } from '../post-webhook.js';
import { signatureOf } from '../sha-256.js';
import type { BusinessNumber } from '../entities.js';
import type { World } from '../world.js';
import { bytesToBase64 } from './flow-files.js';

/** What an endpoint responded. */
export type ExchangeResult =
  | { readonly type: 'answer'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly type: 'expired'; readonly message: string | undefined }
  | { readonly type: 'failed'; readonly failure: string };

/** The endpoint of a Flow, as WhatsApp calls it. */
export interface Exchange {
  readonly world: World;
  readonly number: BusinessNumber;
  readonly endpoint: FakeReceiver;
}

/** Where a receiver that is a function seems to live. */
const inProcessUrl = 'https://receiver.example/flow';
const vectorBytes = 16;

/** Encrypts a request with the public key of the number, sends it, and reads the response. After a 421, it retries once. */
export async function exchangeData(exchange: Exchange, request: object): Promise<ExchangeResult> {
  const first = await exchangeOnce(exchange, request);
  if (first !== 'undecryptable') return first;
  // The client loads the public key again, which may have changed.
  const second = await exchangeOnce(exchange, request);
  return second === 'undecryptable' ? { type: 'failed', failure: 'business-decryption-error' } : second;
}

/** Sends a health check. */
export async function isFlowEndpointActive(exchange: Exchange): Promise<boolean> {
  const result = await exchangeData(exchange, { version: '3.0', action: 'ping' });
  const data = result.type === 'answer' ? result.answer.data : undefined;
  return isRecord(data) && data.status === 'active';
}

async function exchangeOnce(exchange: Exchange, request: object): Promise<ExchangeResult | 'undecryptable'> {
  const { world, endpoint } = exchange;
  const publicKey = await readPublicKey(exchange);
  if (!publicKey) return { type: 'failed', failure: 'public-key-missing' };
  const { subtle } = globalThis.crypto;
  const aesKey = globalThis.crypto.getRandomValues(new Uint8Array(16));
  const vector = globalThis.crypto.getRandomValues(new Uint8Array(vectorBytes));
  const key = await subtle.importKey('raw', aesKey, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const text = new TextEncoder().encode(JSON.stringify(request));
  const body = JSON.stringify({
    encrypted_flow_data: bytesToBase64(new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: vector }, key, text))),
    encrypted_aes_key: bytesToBase64(new Uint8Array(await subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, aesKey))),
    initial_vector: bytesToBase64(vector),
  });
  const response = await post(world, endpoint, body);
  if (typeof response === 'string') return { type: 'failed', failure: response };
  const { status, content } = response;
  if (status === 421) return 'undecryptable';
  if (status !== 200 && status !== 427) return { type: 'failed', failure: 'unexpected_http_status_code' };
  const answer = await decrypt(content, key, vector);
  if (status === 427) return { type: 'expired', message: typeof answer?.error_msg === 'string' ? answer.error_msg : undefined };
  return answer ? { type: 'answer', answer } : { type: 'failed', failure: 'response-decryption-error' };
}

/** The response, or the code of an error. */
async function post(
  { clock, app }: World,
  endpoint: FakeReceiver,
  body: string,
): Promise<{ readonly status: number; readonly content: string } | string> {
  const stop = new AbortController();
  let cancelTimeout = (): void => undefined;
  const late = new Promise<string>((resolve) => {
    cancelTimeout = clock.schedule(() => {
      stop.abort();
      resolve('timeout_error');
    }, deliveryTimeoutMs);
  });
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': signatureOf(body, app.secret),
    },
    body,
  };
  const send = async (): Promise<{ readonly status: number; readonly content: string }> => {
    const response =
      typeof endpoint === 'function'
        ? await endpoint(new Request(inProcessUrl, init))
        : await fetch(endpoint, { ...init, redirect: 'manual', signal: stop.signal });
    return { status: response.status, content: await response.text() };
  };
  try {
    return await Promise.race([send(), late]);
  } catch {
    return 'no_http_response_error';
  } finally {
    cancelTimeout();
  }
}

async function decrypt(content: string, key: CryptoKey, vector: Uint8Array): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = parseBase64(content.trim());
  if (!bytes) return undefined;
  try {
    const iv = Uint8Array.from(vector, (byte) => byte ^ 0xff);
    const plain = await globalThis.crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes);
    const answer: unknown = JSON.parse(new TextDecoder().decode(plain));
    return isRecord(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

async function readPublicKey({ number }: Exchange): Promise<CryptoKey | undefined> {
  const pem: unknown = number.stored.get('whatsapp_business_encryption')?.business_public_key;
  const body = typeof pem === 'string' ? /-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/.exec(pem)?.[1] : undefined;
  const der = body === undefined ? undefined : parseBase64(body.replaceAll(/\s+/g, ''));
  if (!der) return undefined;
  try {
    return await globalThis.crypto.subtle.importKey('spki', der, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt']);
  } catch {
    return undefined;
  }
}

/** Signs a Flow token as Meta does: a JWT with the app secret as its key. */
export function signFlowToken(token: string, secret: string): string {
  const encode = (value: object): string => toUrl(bytesToBase64(new TextEncoder().encode(JSON.stringify(value))));
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ flow_token: token })}`;
  const hex = signatureOf(content, secret).slice('sha256='.length);
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return `${content}.${toUrl(bytesToBase64(bytes))}`;
}

function toUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
