import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { emulatorClock } from 'wa-coexist/testing';
import { openEmulator } from './open-emulator.js';

const dayMs = 86_400_000;

test('shows the time of the emulator, and follows when the page advances it', async () => {
  const { url, fake, act } = await openEmulator();
  await using clock = await emulatorClock(url, { intervalMs: 5 });
  expect(Math.abs(clock.now() - fake.clock.now())).toBeLessThan(60_000);
  const before = { now: clock.now(), monotonic: clock.monotonic() };
  await act({ do: 'clock.advance', days: 13 });
  await vi.waitFor(() => {
    expect(clock.now() - before.now).toBeGreaterThanOrEqual(13 * dayMs);
  });
  expect(clock.monotonic() - before.monotonic).toBeGreaterThanOrEqual(13 * dayMs);
});

test('runs timers when the emulator reaches their time, and not before', async () => {
  const { url, act } = await openEmulator();
  await using clock = await emulatorClock(url, { intervalMs: 5 });
  const ran: string[] = [];
  clock.schedule(() => ran.push('one day'), dayMs);
  clock.schedule(() => ran.push('ten days'), 10 * dayMs);
  const cancel = clock.schedule(() => ran.push('cancelled'), dayMs);
  cancel();
  expect(ran).toEqual([]);
  await act({ do: 'clock.advance', days: 2 });
  await vi.waitFor(() => {
    expect(ran).toEqual(['one day']);
  });
});

test('a closed clock stops, and no longer asks the emulator', async () => {
  const { url, act } = await openEmulator();
  let looks = 0;
  const counting: typeof fetch = (...parameters) => {
    looks += 1;
    return fetch(...parameters);
  };
  const clock = await emulatorClock(url, { intervalMs: 5, fetch: counting });
  await vi.waitFor(() => {
    expect(looks).toBeGreaterThan(2);
  });
  await clock.close();
  const [lastLooks, lastNow] = [looks, clock.now()];
  await act({ do: 'clock.advance', days: 1 });
  expect([looks, clock.now()]).toEqual([lastLooks, lastNow]);
});

test('finds an emulator again that was away for a while', async () => {
  const { url, act } = await openEmulator();
  let isAway = false;
  let missed = 0;
  const flaky: typeof fetch = (...parameters) => {
    if (isAway) missed += 1;
    return isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(...parameters);
  };
  await using clock = await emulatorClock(url, { intervalMs: 5, fetch: flaky });
  const before = clock.now();
  isAway = true;
  await act({ do: 'clock.advance', days: 1 });
  await vi.waitFor(() => {
    expect(missed).toBeGreaterThan(1);
  });
  isAway = false;
  await vi.waitFor(() => {
    expect(clock.now() - before).toBeGreaterThanOrEqual(dayMs);
  });
});

test('rejects an address without an emulator', async () => {
  const other = createServer((_request, response) => response.end('{"id":"1"}')).listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
  await expect(emulatorClock(url)).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'baseUrl' });
  const unreachable: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));
  await expect(emulatorClock(url, { fetch: unreachable })).rejects.toThrow('must be the address of a running emulator');
});
