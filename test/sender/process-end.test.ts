import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClient, createSender, systemClock, type Clock } from 'wa-coexist';
import { acceptedMessage, graphError, recordMeta } from '../meta/recorder.js';

/** The system clock, and the timers that keep the process alive. */
function watchedClock() {
  const alive = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    schedule(callback, delayMs, options) {
      const before = timersAlive();
      const cancel = systemClock.schedule(
        () => {
          alive.delete(cancel);
          callback();
        },
        delayMs,
        options,
      );
      if (timersAlive() > before) alive.add(cancel);
      return () => {
        alive.delete(cancel);
        cancel();
      };
    },
  };
  return { clock, alive };
}

const timersAlive = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('a sender with throughput "auto" lets the process end after the last message, also if the number cannot be read', async () => {
  const { clock, alive } = watchedClock();
  const warned: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (event: string) => void warned.push(event),
    error: () => undefined,
  };
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '106540352242922',
    maxRetries: 0,
    fetch: recordMeta(({ path }) => (path.endsWith('/messages') ? acceptedMessage : graphError(10, { status: 403 }))).fetch,
  });
  const sender = createSender({ client, clock, logger });
  expect(await sender.send({ to: '15550100987', type: 'text', text: { body: 'Hi' } })).toMatchObject({ outcome: 'accepted' });
  while (warned.length === 0) await sleep(5);
  await sleep(20);
  expect(alive.size).toBe(0);
  await sender.close();
});

test('a clock of the user receives the option "background", and may ignore it', async () => {
  const seen: unknown[] = [];
  const cancel = systemClock.schedule(() => undefined, 60_000, { background: true });
  cancel();
  const fired = new Promise((resolve) =>
    systemClock.schedule(
      () => {
        resolve('fired');
      },
      5,
      { background: true },
    ),
  );
  await sleep(50);
  expect(await fired).toBe('fired');
  const clock: Clock = {
    ...systemClock,
    schedule: (callback, delayMs, options) => (seen.push(options), systemClock.schedule(callback, delayMs)),
  };
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '1',
    maxRetries: 0,
    fetch: recordMeta(() => Promise.reject(new Error('offline'))).fetch,
  });
  const warnings: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (event: string) => void warnings.push(event),
    error: () => undefined,
  };
  const sender = createSender({ client, clock, logger, throughput: 'auto' });
  void sender.send({ to: '15550100987', type: 'text', text: { body: 'Hi' } });
  while (warnings.length === 0) await sleep(5);
  expect(seen).toContainEqual({ background: true });
  await sender.close();
});
