import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence, type CoexistenceOptions, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import type { WebhookEvent } from 'wa-coexist/webhooks';
import { comparablePhoneNumber } from 'wa-coexist';
import { numberKey, segment } from '../../src/runtime/keys.js';
import { randomFrom } from './history-source.js';

const dayMs = 86_400_000;
const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

function bench(options: Partial<CoexistenceOptions> = {}) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const open = (own: Partial<CoexistenceOptions> = {}): Coexistence => {
    const coexistence = createCoexistence({
      client: createClient({ clock }),
      store,
      saveToken: () => undefined,
      sweepIntervalMs: false,
      ...options,
      ...own,
    });
    opened.push(coexistence);
    return coexistence;
  };
  return { clock, store, open };
}

/** The same store, with other callers running between any two operations. */
function slow(store: Store, turn: () => Promise<void>): Store {
  const later =
    <Parameters extends readonly unknown[], Result>(operation: (...parameters: Parameters) => Promise<Result>) =>
    async (...parameters: Parameters): Promise<Result> => {
      await turn();
      return operation(...parameters);
    };
  return {
    get: later(store.get),
    set: later(store.set),
    setIfAbsent: later(store.setIfAbsent),
    delete: later(store.delete),
    list: later(store.list),
    batch: later(store.batch),
  };
}

describe('sweep', () => {
  test('six processes, 400 numbers and handlers that fail at random: each due fact is handled, never by two at the same time', async () => {
    const { clock, store, open } = bench();
    const random = randomFrom(7);
    const first = open();
    const numbers = Array.from({ length: 400 }, (_, index) => `3399${String(index)}`);
    for (const phoneNumberId of numbers) await first.heartbeat.recordAppOpened({ phoneNumberId });
    await clock.advance(10 * dayMs);
    const handled = new Map<string, number>();
    const running = new Set<string>();
    const turn = async (): Promise<void> => {
      for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await Promise.resolve();
    };
    const processes = Array.from({ length: 6 }, () => {
      const coexistence = open({ store: slow(store, turn) });
      coexistence.on('heartbeat.due', async ({ phoneNumberId }) => {
        expect(running.has(phoneNumberId), 'two at once').toBe(false);
        running.add(phoneNumberId);
        await turn();
        running.delete(phoneNumberId);
        if (random() < 0.3) throw new Error('the mail server is away');
        handled.set(phoneNumberId, (handled.get(phoneNumberId) ?? 0) + 1);
      });
      return coexistence;
    });
    let rounds = 0;
    for (let left = 1; left > 0 && rounds < 50; rounds += 1) {
      const results = await Promise.all(processes.map((coexistence) => coexistence.sweep()));
      left = results.reduce((sum, { failed }) => sum + failed, 0);
    }
    expect([...handled.keys()].sort()).toEqual([...numbers].sort());
    expect([...handled.values()].every((times) => times === 1)).toBe(true);
    expect(rounds).toBeLessThan(50);
  });

  test('handles at most the limit, and what is due at a given time', async () => {
    const { clock, open } = bench();
    const coexistence = open();
    const due = vi.fn();
    coexistence.on('heartbeat.due', due);
    for (let index = 0; index < 250; index += 1) await coexistence.heartbeat.recordAppOpened({ phoneNumberId: String(index) });
    expect(await coexistence.sweep()).toEqual({ handled: 0, failed: 0 });
    const then = new Date(clock.now() + 10 * dayMs);
    expect(await coexistence.sweep({ now: then, limit: 240 })).toEqual({ handled: 240, failed: 0 });
    expect(await coexistence.sweep({ now: then })).toEqual({ handled: 10, failed: 0 });
    expect(due).toHaveBeenCalledTimes(250);
  });

  test('takes over what a process was handling when it ended', async () => {
    const { clock, store, open } = bench();
    const dying = open();
    await dying.heartbeat.recordAppOpened({ phoneNumberId: '1' });
    await clock.advance(10 * dayMs);
    dying.on('heartbeat.due', () => new Promise(() => undefined));
    void dying.sweep();
    await clock.advance(1_000);
    const due = vi.fn();
    const other = open({ store });
    other.on('heartbeat.due', due);
    expect(await other.sweep()).toEqual({ handled: 0, failed: 0 });
    await clock.advance(120_000);
    expect(await other.sweep()).toEqual({ handled: 1, failed: 0 });
    expect(due).toHaveBeenCalledTimes(1);
  });

  test('runs on a timer until it is closed, and continues after a failure', async () => {
    const { clock, store, open } = bench();
    let fails = true;
    const flaky: Store = {
      ...store,
      list: (prefix, options) => (fails ? Promise.reject(new Error('no store')) : store.list(prefix, options)),
    };
    const error = vi.fn();
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error };
    const coexistence = open({ store: flaky, sweepIntervalMs: 60_000, logger });
    const due = vi.fn();
    coexistence.on('heartbeat.due', due);
    await coexistence.heartbeat.recordAppOpened({ phoneNumberId: '1' });
    await clock.advance(60_000);
    expect(error).toHaveBeenCalledTimes(1);
    fails = false;
    await clock.advance(10 * dayMs);
    expect(due).toHaveBeenCalledTimes(1);
    await coexistence.close();
    await clock.advance(4 * dayMs);
    expect(due).toHaveBeenCalledTimes(1);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});

describe('createCoexistence', () => {
  const echo: WebhookEvent = {
    type: 'echo',
    field: 'smb_message_echoes',
    phoneNumberId: '1',
    key: 'k',
    raw: {},
    customer: { waId: '15550100987' },
    message: { id: 'wamid.1', type: 'text', text: { body: 'We open at nine' } },
  };

  test('receives events from webhooks until it is closed', async () => {
    const handlers = new Set<(event: WebhookEvent) => Promise<void>>();
    const webhooks = {
      on: (_name: '*', handler: (event: WebhookEvent) => Promise<void>) => handlers.add(handler),
      off: (_name: '*', handler: (event: WebhookEvent) => Promise<void>) => handlers.delete(handler),
    };
    const coexistence = bench({ webhooks }).open();
    const taken = vi.fn();
    coexistence.once('handoff.assigned', taken);
    for (const handler of handlers) await handler(echo);
    expect(taken).toHaveBeenCalledTimes(1);
    await coexistence.close();
    expect(handlers.size).toBe(0);
  });

  test('passes an event to all other modules if the handler of one fails', async () => {
    const coexistence = bench().open();
    const fail = (message: string) => () => {
      throw new Error(message);
    };
    coexistence.on('handoff.assigned', fail('one'));
    const cost = vi.fn();
    coexistence.on('cost.recorded', cost);
    await expect(coexistence.handle(echo)).rejects.toThrow('one');
    expect(cost).toHaveBeenCalledTimes(1);
    expect(await coexistence.heartbeat.get('1')).toMatchObject({ lastSign: { kind: 'echo' } });
    coexistence.on('cost.recorded', fail('two'));
    await expect(coexistence.handle(echo)).rejects.toBeInstanceOf(AggregateError);
  });

  test("doesn't throw for events of any type, with and without IDs", async () => {
    const coexistence = bench({ costs: { keepMs: 1 * 86_400_000 } }).open();
    const { phoneNumberId: _number, customer: _customer, ...bare } = echo;
    const events: WebhookEvent[] = [
      bare,
      { type: 'unknown', field: 'next_year', key: 'k', raw: {} },
      { type: 'account.disconnected', field: 'account_update', key: 'k', raw: {} },
      { type: 'account.reconnected', field: 'account_update', wabaId: 'nobody’s', key: 'k', raw: {} },
      { type: 'history.chunk', field: 'history', key: 'k', raw: {}, threads: [] },
      { type: 'contact', field: 'smb_app_state_sync', key: 'k', raw: {}, action: 'add', contact: {} },
    ];
    for (const event of events) await coexistence.handle(event);
  });

  test('wraps its work in the instrument', async () => {
    const names: string[] = [];
    const coexistence = bench({
      instrument: (operation, run) => {
        names.push(operation);
        return run();
      },
    }).open();
    await coexistence.handle(echo);
    await coexistence.sweep();
    await coexistence.onboarding.resume('nobody').catch(() => undefined);
    expect(names).toEqual(['coexistence.handle', 'coexistence.sweep', 'coexistence.resume']);
  });
});

describe('keys', () => {
  test('accept any ID, and are different for different IDs', () => {
    const ids = ['a/b', 'a%2f;b', 'a%2fb', 'é', 'é;', 'ea', '\ud800', '', 'x'.repeat(300), `${'x'.repeat(299)}y`, '__proto__'];
    expect(new Set(ids.map(segment)).size).toBe(ids.length);
    for (const id of ids) expect(segment(id)).toMatch(/^[A-Za-z0-9._=+:%;~-]{0,220}$/);
    expect(numberKey('339900000000001', 'contact', 'a/b').split('/')).toHaveLength(5);
  });

  test('of numbers use the digits that WhatsApp uses', () => {
    expect(comparablePhoneNumber('+55 11 98765-4321')).toBe(comparablePhoneNumber('551187654321'));
    expect(comparablePhoneNumber('5211234567890')).toBe(comparablePhoneNumber('521234567890'));
    expect(comparablePhoneNumber('551132654321')).not.toBe(comparablePhoneNumber('5511932654321'));
    expect(comparablePhoneNumber('5491112345678')).toBe(comparablePhoneNumber('541112345678'));
    expect(comparablePhoneNumber('15550100987')).toBe('15550100987');
  });
});
