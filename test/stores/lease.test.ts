import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { memoryStore, type Clock, type Logger, type Store } from 'wa-coexist';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { acquireLease, acquireTogether, type Lease } from '../../src/stores/lease.js';
import { writeIfUnchanged } from '../../src/stores/records.js';

const durationMs = 30_000;
const key = 'lease';

interface Value {
  readonly untilMs: number;
  /** Number of leases that were released with a write. */
  readonly released: number;
}

const valueOf = (value: unknown): Value => (value ?? { untilMs: 0, released: 0 }) as Value;

/** A process with its own clock and its own access to the store. */
function startProcess(shared: FakeClock, store: Store) {
  const logged: string[] = [];
  const state = { skewMs: 0, pausedUntilMs: 0, failing: false as false | 'before' | 'after', delayMs: 0 };
  const clock: Clock = {
    now: () => shared.now() + state.skewMs,
    monotonic: () => shared.monotonic(),
    schedule: (callback, delayMs) => {
      let cancel = shared.schedule(function run() {
        const pauseMs = state.pausedUntilMs - shared.monotonic();
        if (pauseMs > 0) cancel = shared.schedule(run, pauseMs);
        else callback();
      }, delayMs);
      return () => {
        cancel();
      };
    },
  };
  const through = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const { failing, delayMs } = state;
    if (failing === 'before') throw new Error('away');
    if (delayMs > 0) await new Promise<void>((resolve) => shared.schedule(resolve, delayMs / 2));
    const result = await call();
    if (delayMs > 0) await new Promise<void>((resolve) => shared.schedule(resolve, delayMs / 2));
    if (failing === 'after') throw new Error('answer lost');
    return result;
  };
  const own: Store = {
    ...store,
    set: (...parameters) => through(() => store.set(...parameters)),
    setIfAbsent: (...parameters) => through(() => store.setIfAbsent(...parameters)),
  };
  const log = (event: string): void => void logged.push(event);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  let released = 0;
  const acquire = async (): Promise<Lease<string> | undefined> => {
    const entry = await store.get(key);
    const found = valueOf(entry?.value);
    if (found.untilMs > clock.now()) return undefined;
    ({ released } = found);
    const write = (version: string | undefined) => writeIfUnchanged(own, key, version, { untilMs: clock.now() + durationMs, released });
    return acquireLease({
      clock,
      logger,
      durationMs,
      acquire: () => write(entry?.version),
      renew: write,
      lost: { event: 'lost' },
      notRenewed: { event: 'not renewed' },
    });
  };
  const release = (lease: Lease<string>): Promise<boolean> =>
    lease.release(async (version) => (await writeIfUnchanged(own, key, version, { untilMs: 0, released: released + 1 })) !== undefined);
  return { state, logged, acquire, release };
}

function setUp() {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  return { clock, store, one: startProcess(clock, store), other: startProcess(clock, store) };
}

async function acquired(lease: Promise<Lease<string> | undefined>): Promise<Lease<string>> {
  const result = await lease;
  if (!result) throw new Error('Another process has the lease.');
  return result;
}

describe('a lease', () => {
  test('is renewed until it is released, and then another process can acquire it', async () => {
    const { clock, one, other } = setUp();
    const lease = await acquired(one.acquire());
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(60_000);
      expect(lease.isHeld()).toBe(true);
      expect(await other.acquire()).toBeUndefined();
    }
    expect(await one.release(lease)).toBe(true);
    expect(lease.isHeld()).toBe(false);
    expect(await one.release(lease)).toBe(false);
    await acquired(other.acquire());
    expect(one.logged).toEqual([]);
    await clock.advance(600_000);
    expect(one.logged).toEqual([]);
  });

  test("of a process that paused is taken over; the process notices, logs it once, and doesn't overwrite the new lease", async () => {
    const { clock, store, one, other } = setUp();
    const lease = await acquired(one.acquire());
    one.state.pausedUntilMs = 100_000;
    await clock.advance(durationMs - 1);
    expect(await other.acquire()).toBeUndefined();
    await clock.advance(1);
    expect(lease.isHeld()).toBe(false);
    const next = await acquired(other.acquire());
    await clock.advance(100_000);
    expect(one.logged).toEqual(['lost']);
    const before = await store.get(key);
    expect(await one.release(lease)).toBe(false);
    expect((await store.get(key))?.version).toBe(before?.version);
    expect(next.isHeld()).toBe(true);
    expect(one.logged).toEqual(['lost']);
  });

  test('whose store fails is lost at its end, and acquired again when a renewal succeeds', async () => {
    const { clock, one } = setUp();
    const lease = await acquired(one.acquire());
    one.state.failing = 'before';
    await clock.advance(durationMs - 1);
    expect(lease.isHeld()).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld()).toBe(false);
    one.state.failing = false;
    await clock.advance(durationMs / 3);
    expect(lease.isHeld()).toBe(true);
    one.state.failing = 'before';
    await clock.advance(durationMs);
    expect(one.logged).toEqual(['not renewed', 'not renewed']);
  });

  test.each([durationMs, -durationMs])('is lost after the wall clock jumped by %i ms, until it is renewed', async (jumpMs) => {
    const { clock, one } = setUp();
    const lease = await acquired(one.acquire());
    clock.stepWall(jumpMs - Math.sign(jumpMs));
    expect(lease.isHeld()).toBe(true);
    clock.stepWall(Math.sign(jumpMs));
    expect(lease.isHeld()).toBe(false);
    await clock.advance(durationMs / 3);
    expect(lease.isHeld()).toBe(true);
  });

  test('ends by the monotonic clock, too, if the wall clock was set back', async () => {
    const { clock, one } = setUp();
    const lease = await acquired(one.acquire());
    one.state.failing = 'before';
    await clock.advance(20_000);
    clock.stepWall(-20_000);
    await clock.advance(9_999);
    expect(lease.isHeld()).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld()).toBe(false);
  });

  test('over a slow store ends when other processes can acquire it: counted from the beginning of the write', async () => {
    const { clock, one } = setUp();
    one.state.delayMs = 6_000;
    const acquiring = acquired(one.acquire());
    await clock.advance(6_000);
    const lease = await acquiring;
    await clock.advance(10_000 + 5_999);
    one.state.failing = 'before';
    await clock.advance(18_000);
    // The only renewal began at 16 s.
    expect(clock.monotonic()).toBe(39_999);
    expect(lease.isHeld()).toBe(true);
    await clock.advance(6_000);
    expect(lease.isHeld()).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld()).toBe(false);
  });

  test('that is released waits for the renewal in flight', async () => {
    const { clock, store, one } = setUp();
    const lease = await acquired(one.acquire());
    one.state.delayMs = 1_000;
    await clock.advance(durationMs / 3);
    const releasing = one.release(lease);
    await clock.advance(5_000);
    expect(await releasing).toBe(true);
    expect((await store.get(key))?.value).toEqual({ untilMs: 0, released: 1 });
    expect(one.logged).toEqual([]);
  });

  test('that is abandoned expires', async () => {
    const { clock, one, other } = setUp();
    (await acquired(one.acquire())).abandon();
    await clock.advance(durationMs - 1);
    expect(await other.acquire()).toBeUndefined();
    await clock.advance(1);
    await acquired(other.acquire());
    await clock.advance(600_000);
    expect(one.logged).toEqual([]);
  });
});

type Step = readonly [process: number, what: 'work' | 'pause' | 'fail' | 'lose answers' | 'slow' | 'skew' | 'recover', ms: number];

/** Runs processes that share one lease, and returns what they observed. */
async function simulate(processes: number, steps: readonly Step[], isHeldByTwo: () => void) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const all = Array.from({ length: processes }, () => ({ ...startProcess(clock, store), lease: undefined as Lease<string> | undefined }));
  let leases = 0;
  let written = 0;
  let uncertain = 0;
  const run = async (index: number, what: Step[1], ms: number): Promise<void> => {
    const one = all[index % processes]!;
    if (what === 'pause') one.state.pausedUntilMs = clock.monotonic() + ms;
    else if (what === 'fail') one.state.failing = 'before';
    else if (what === 'lose answers') one.state.failing = 'after';
    else if (what === 'slow') one.state.delayMs = ms / 10;
    else if (what === 'skew') one.state.skewMs = ms - 30_000;
    else if (what === 'recover') Object.assign(one.state, { failing: false, delayMs: 0, skewMs: 0 });
    else if (one.lease) {
      const { lease } = one;
      one.lease = undefined;
      await one.release(lease).then(
        (isWritten) => (written += Number(isWritten)),
        () => (uncertain += 1),
      );
    } else {
      const lease = await one.acquire().catch(() => undefined);
      if (lease === undefined) return;
      // Another step of the process may have found no lease at the same time.
      one.lease = lease;
      leases += 1;
    }
  };
  const running: Promise<void>[] = [];
  for (const [index, what, ms] of steps) {
    running.push(run(index, what, ms));
    for (let passed = 0; passed < ms; passed += 5_000) {
      await clock.advance(Math.min(5_000, ms - passed));
      if (all.filter(({ lease }) => lease?.isHeld()).length > 1) isHeldByTwo();
    }
  }
  for (const one of all) Object.assign(one.state, { failing: false, delayMs: 0, skewMs: 0, pausedUntilMs: 0 });
  await clock.advance(300_000);
  await Promise.all(running);
  // A crashed process blocks the lease for its duration, and no longer.
  for (const { lease } of all) lease?.abandon();
  await clock.advance(durationMs);
  await acquired(startProcess(clock, store).acquire());
  const losses = all.reduce((sum, { logged }) => sum + logged.filter((event) => event === 'lost').length, 0);
  return { leases, losses, written, uncertain, stored: valueOf((await store.get(key))?.value).released };
}

const stepsOf = (...what: Step[1][]): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.tuple(fc.nat(3), fc.constantFrom('work' as const, 'work' as const, ...what), fc.nat(60_000)), {
    minLength: 1,
    maxLength: 25,
  });

describe('several processes', () => {
  test('with one wall clock never have a lease at the same time, with pauses, failures, lost responses and delays', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf('pause', 'fail', 'lose answers', 'slow', 'recover'), async (steps) => {
        await simulate(4, steps, () => {
          throw new Error('Two processes hold the lease.');
        });
      }),
      { numRuns: 40 },
    );
  });

  test('with different clocks lose no release and write none twice, and each loss is logged at most once', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf('pause', 'fail', 'lose answers', 'slow', 'skew', 'recover'), async (steps) => {
        const { leases, losses, written, uncertain, stored } = await simulate(4, steps, () => undefined);
        expect(stored).toBeGreaterThanOrEqual(written);
        expect(stored).toBeLessThanOrEqual(written + uncertain);
        expect(losses).toBeLessThanOrEqual(leases);
      }),
      { numRuns: 40 },
    );
  });
});

describe('leases that are acquired together', () => {
  test('are abandoned if the store fails for one of them', async () => {
    const abandoned: string[] = [];
    const acquiring = [Promise.resolve('a'), Promise.resolve(undefined), Promise.reject(new Error('away')), Promise.resolve('b')];
    await expect(acquireTogether(acquiring, (lease) => abandoned.push(lease))).rejects.toThrow('away');
    expect(abandoned).toEqual(['a', 'b']);
    expect(await acquireTogether([Promise.resolve('a'), Promise.resolve(undefined)], () => undefined)).toEqual(['a']);
  });
});
