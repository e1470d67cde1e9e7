import { expect, test, vi } from 'vitest';
import { collect, text, type ContractContext } from './contract.js';

const waiting = { timeout: 15_000, interval: 20 };

/** Registers the tests of senders whose state outlives them. */
export function durableContract({ meta, from, open, openQueueing }: ContractContext): void {
  test('enqueue returns the ID that events have', async () => {
    const sender = open();
    const events = collect(sender, 'sent');
    const id = await sender.enqueue(text('enqueued'));
    await vi.waitFor(() => {
      expect(events).toEqual([`sent ${id}`]);
    }, waiting);
  });

  test('cancel ends an enqueued message by its ID', async () => {
    const sender = open();
    const events = collect(sender, 'rejected');
    const id = await sender.enqueue(text('enqueued'), { notBefore: Date.now() + 60_000 });
    expect(await sender.cancel(id)).toBe('cancelled');
    await vi.waitFor(() => {
      expect(events).toEqual([`rejected ${id}`]);
    }, waiting);
    expect(await sender.cancel(id)).not.toBe('already-sent');
    const sent = await sender.enqueue(text('sent'));
    await sender.drain();
    expect(await sender.cancel(sent)).not.toBe('cancelled');
    expect(meta().textsOf(from())).toEqual(['sent']);
  });

  test('a scheduled message survives its process, and is sent at its time', async () => {
    const first = open();
    const atMs = Date.now() + 2_500;
    await first.enqueue(text('scheduled'), { notBefore: atMs, key: 'scheduled' });
    await first.close();
    const second = open();
    const result = await second.send(text('again'), { key: 'scheduled' });
    expect(['accepted', 'unknown']).toContain(result.outcome);
    await vi.waitFor(() => {
      expect(meta().textsOf(from())).toEqual(['scheduled']);
    }, waiting);
    expect(Date.now()).toBeGreaterThanOrEqual(atMs);
  });

  test('an unknown outcome is settled after the process that enqueued the message has ended', async () => {
    const first = open();
    await first.enqueue(text('doubt'), { notBefore: Date.now() + 1_000, onUnknown: 'resend' });
    await first.close();
    let attempts = 0;
    meta().planOf = () => ((attempts += 1) === 1 ? 'lost' : undefined);
    const second = open();
    const events = collect(second, 'sent', 'unknown');
    await vi.waitFor(() => {
      expect(events).toHaveLength(1);
    }, waiting);
    expect(events[0]).toMatch(/^sent /);
    expect(meta().textsOf(from())).toEqual(['doubt', 'doubt']);
  });

  test('cancel from another process ends a message, and the waiting process gets the outcome', async () => {
    const waits = openQueueing();
    const cancels = open();
    const scheduled = waits.send(text('scheduled'), { key: 'elsewhere', notBefore: Date.now() + 60_000 });
    await vi.waitFor(async () => {
      expect(await cancels.cancel('elsewhere')).toBe('cancelled');
    }, waiting);
    expect(await cancels.send(text('instead'), { key: 'elsewhere' })).toMatchObject({ outcome: 'accepted' });
    void scheduled;
    expect(meta().textsOf(from())).toEqual(['instead']);
  });
}
