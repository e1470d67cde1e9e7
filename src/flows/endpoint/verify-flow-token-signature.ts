import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { systemClock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import { parseJson } from '../../runtime/parse-json.js';
import type { FlowRequest } from './flow-request.js';

/** Options of {@link verifyFlowTokenSignature}. */
export interface FlowTokenSignatureOptions {
  /** Time for the expiry of the signature, in milliseconds since 1970. @defaultValue now */
  readonly nowMs?: number | undefined;
}

/**
 * Verifies `flow_token_signature`: a JWT (HS256, key: the app secret) that contains the `flow_token`. It proves that the
 * request belongs to a customer who received the Flow message.
 *
 * WhatsApp sends it with version 7.3 of the Flow JSON and `data_api_version` 4.0. Source: Meta, Implementing endpoints for
 * Flows (Dec 2025).
 *
 * @param request - The decrypted request.
 * @param secrets - The app secret, or several during a rotation. An empty secret never matches.
 * @param options - The time, if not now.
 * @returns `false` if the signature is missing, malformed, expired, by another key or algorithm, or for another token
 * @throws `InvalidArgumentError` if `request` isn't an object, or a secret isn't a string
 *
 * @example
 * ```ts
 * import { verifyFlowTokenSignature } from 'wa-coexist/flows';
 *
 * const request = { version: '4.0', action: 'INIT', flow_token: 'booking-4711', flow_token_signature: 'a.b.c' };
 * console.log(verifyFlowTokenSignature(request, 'app-secret'));
 * ```
 */
export function verifyFlowTokenSignature(
  request: FlowRequest,
  secrets: string | readonly string[],
  options: FlowTokenSignatureOptions = {},
): boolean {
  checkObject('verifyFlowTokenSignature', 'request', request);
  const list = readSecrets(secrets);
  const { flow_token: token, flow_token_signature: jwt } = request;
  if (typeof token !== 'string' || typeof jwt !== 'string') return false;
  const parts = jwt.split('.');
  const [head = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return false;
  const header = decode(head);
  if (!isRecord(header) || header.alg !== 'HS256') return false;
  const given = Buffer.from(signature, 'base64url');
  const matches = list.filter((secret) => {
    const expected = createHmac('sha256', secret).update(`${head}.${claims}`).digest();
    return given.length === expected.length && timingSafeEqual(expected, given) && secret !== '';
  });
  if (matches.length === 0) return false;
  const payload = decode(claims);
  if (!isRecord(payload) || payload.flow_token !== token) return false;
  const seconds = (options.nowMs ?? systemClock.now()) / 1_000;
  return payload.exp === undefined || (typeof payload.exp === 'number' && seconds < payload.exp);
}

function readSecrets(secrets: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  if (list.every((secret) => typeof secret === 'string')) return list;
  throw new InvalidArgumentError('verifyFlowTokenSignature', 'secrets', 'must be the app secret, or a list of app secrets');
}

function decode(part: string): unknown {
  try {
    return parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
