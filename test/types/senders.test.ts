import { expect, test } from 'vitest';
import { createClient, createSender, type Sender } from 'wa-coexist';
import { createBullSender, type BullSender, type BullSenderOptions } from 'wa-coexist/bullmq';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(connection: BullSenderOptions['connection']): void {
  const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
  const message = { to: '1', type: 'text' as const, text: { body: 'Hello' } };
  const local = createSender({ client });
  const bull = createBullSender({ client, connection });

  // Code that doesn't use guards of single sends works with both.
  const works = async (sender: Sender<boolean, 'guard'>): Promise<void> => {
    const signal = new AbortController().signal;
    await sender.send(message, { notBefore: Date.now() + 1_000, expiresAt: new Date(), key: '1', signal, onUnknown: 'resend' });
    await sender.enqueue(message, { notBefore: new Date(), priority: 'high' });
    await sender.sendAll([{ key: '1', message }], { concurrency: 10 });
    await sender.cancel('1', { from: '2' });
    await sender.pause({ from: '2' });
    await sender.resume();
    await sender.campaigns.pause('spring');
    await sender.plan([message]);
    await sender.drain();
    (await sender.fleetStats()).processes.toFixed();
    sender.on('paused', ({ campaignId, phoneNumberId }) => {
      console.log(campaignId, phoneNumberId);
    });
  };
  void works(local);
  void works(bull);
  bull satisfies BullSender;
  bull satisfies Sender<boolean, 'guard'>;
  void local.send(message, { guard: () => ({ verdict: 'pass' }) });
  // @ts-expect-error Another process can't call a function.
  void bull.send(message, { guard: () => ({ verdict: 'pass' }) });
  // @ts-expect-error What is enqueued outlives the process, and a signal doesn't.
  void bull.enqueue(message, { signal: new AbortController().signal });
  // @ts-expect-error A message can't be cancelled by itself.
  void local.cancel(message);
}

test('both engines have the same interface, checked by the compiler', () => {
  expect(compiles).toBeTypeOf('function');
});
