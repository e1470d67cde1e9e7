import type { Clock } from '../../runtime/clock.js';
import type { FakeDelivery, FakeReceiver } from './fake-delivery.js';

/** How long Meta waits for an answer; third parties report 5 to 10 seconds. */
export const deliveryTimeoutMs = 10_000;

/** Where a receiver that is a function seems to live. */
const inProcessUrl = 'https://receiver.example/webhooks';

/** Posts a delivery once and gives the HTTP status of the answer, or `undefined` if none came in time. Never throws. */
export async function postWebhook(
  receiver: FakeReceiver,
  delivery: Pick<FakeDelivery, 'body' | 'signature'>,
  clock: Clock,
  closing: AbortSignal,
): Promise<number | undefined> {
  const timeout = new AbortController();
  const cancelTimeout = clock.schedule(() => {
    timeout.abort();
  }, deliveryTimeoutMs);
  const signal = AbortSignal.any([timeout.signal, closing]);
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
      return response.status;
    }
    const response = await fetch(receiver, { ...request, redirect: 'manual', signal });
    // The body is read to the end so that the connection can be used again.
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
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

function untilAborted(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new Error('The receiver did not answer in time.'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject);
  });
}
