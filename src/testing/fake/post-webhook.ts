import type { Clock } from '../../runtime/clock.js';
import { deliveryErrorOf } from '../../webhooks/delivery-error.js';
import type { FakeDelivery, FakeReceiver } from './fake-delivery.js';

/** How long Meta waits for an answer; third parties report 5 to 10 seconds. */
export const deliveryTimeoutMs = 10_000;

/** Where a receiver that is a function seems to live. */
export const inProcessUrl = 'https://receiver.example/webhooks';

/** The result of one attempt. */
export interface PostResult {
  /** HTTP status of the response; `undefined` if none arrived in time. */
  readonly status: number | undefined;
  /** Beginning of the response's body, unless it is a 200. */
  readonly text: string;
  /** The error of the receiver, if it is known. */
  readonly error: unknown;
}

/** Posts a delivery once. Never throws. */
export async function postWebhook(
  receiver: FakeReceiver,
  delivery: Pick<FakeDelivery, 'body' | 'signature'>,
  clock: Clock,
  stop: AbortController,
): Promise<PostResult> {
  const { signal } = stop;
  const cancelTimeout = clock.schedule(() => {
    stop.abort();
  }, deliveryTimeoutMs);
  const request = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature-256': delivery.signature,
    },
    body: delivery.body,
  };
  try {
    if (typeof receiver === 'function') {
      const response = await untilAborted(receiver(new Request(inProcessUrl, request)), signal);
      const { status } = response;
      const text = status === 200 ? '' : await untilAborted(textOf(response), signal);
      return { status, text, error: deliveryErrorOf(response) };
    }
    const response = await fetch(receiver, { ...request, redirect: 'manual', signal });
    // The body is read to the end so that the connection can be used again.
    const text = await response.text();
    return { status: response.status, text: response.status === 200 ? '' : shortened(text), error: undefined };
  } catch (error) {
    return { status: undefined, text: '', error };
  } finally {
    cancelTimeout();
  }
}

/** Makes Meta's GET handshake; `true` if the receiver answers 200 with the challenge. Never throws. */
export async function makeHandshake(receiver: FakeReceiver, verifyToken: string, challenge: string): Promise<boolean> {
  const url = new URL(typeof receiver === 'function' ? inProcessUrl : receiver);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  try {
    const response = await (typeof receiver === 'function' ? receiver(new Request(url)) : fetch(url, { redirect: 'manual' }));
    return (await response.text()) === challenge && response.status === 200;
  } catch {
    return false;
  }
}

const maxTextLength = 500;

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > maxTextLength ? `${trimmed.slice(0, maxTextLength)}…` : trimmed;
}

/** The body of a receiver that is a function. It may have been read, or may fail. */
async function textOf(response: Response): Promise<string> {
  try {
    return shortened(await response.text());
  } catch {
    return '';
  }
}

function untilAborted<Result>(answer: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new Error('The receiver did not answer in time.'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject);
  });
}
