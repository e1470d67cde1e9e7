import { ApiPromise, createClient, type Client, type OutgoingMessage } from 'wa-coexist';

/** Returns messages to one tenth as many recipients, in mixed order. */
export function messageOf(index: number, count: number): OutgoingMessage {
  const recipient = (index * 7_919) % Math.max(1, count / 10);
  return { to: `1555${String(1_000_000 + recipient)}`, type: 'text', text: { body: 'Your order is on its way.' } };
}

/** A client whose calls cost almost nothing, so that everything except the request is measured. */
export function answeringClient(): Client {
  const client = createClient({ accessToken: 'token', phoneNumberId: '1', validate: false });
  const answer = {
    data: { messaging_product: 'whatsapp', contacts: [], messages: [{ id: 'wamid.1' }] },
    response: { status: 200, headers: new Headers() },
  };
  // Every call of this benchmark is a send with this response.
  return { ...client, request: <Data>() => new ApiPromise<Data>(Promise.resolve({ ...answer, data: answer.data as Data })) };
}

/** A limit that is never reached, for numbers and for recipients. */
export const noLimit = 100_000_000;

/** Returns the used heap in bytes after a garbage collection. */
export function heapInUse(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Returns the processor milliseconds of this process for some work. */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
