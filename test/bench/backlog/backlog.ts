import { ApiPromise, createClient, type Client, type OutgoingMessage } from 'wa-coexist';

/** Messages to every tenth as many recipients, in an order that mixes them. */
export function messageOf(index: number, count: number): OutgoingMessage {
  const recipient = (index * 7_919) % Math.max(1, count / 10);
  return { to: `1555${String(1_000_000 + recipient)}`, type: 'text', text: { body: 'Your order is on its way.' } };
}

/** A client whose calls cost next to nothing: what is measured is everything but the request. */
export function answeringClient(): Client {
  const client = createClient({ accessToken: 'token', phoneNumberId: '1', validate: false });
  const answer = {
    data: { messaging_product: 'whatsapp', contacts: [], messages: [{ id: 'wamid.1' }] },
    response: { status: 200, headers: new Headers() },
  };
  // Every call of this benchmark is a send, whose answer this is.
  return { ...client, request: <Data>() => new ApiPromise<Data>(Promise.resolve({ ...answer, data: answer.data as Data })) };
}

/** Meta's limit is out of the way: a number that may send more than it can, and people who may get any number of messages. */
export const noLimit = 100_000_000;

/** Bytes of the heap in use once all garbage is gone. */
export function heapInUse(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Processor milliseconds of this process that some work takes. */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
