import { expect, test } from 'vitest';
import { createClient, createSender, memoryStore } from 'wa-coexist';
import { createFakeCloudApi, listen } from 'wa-coexist/testing';

const long = Boolean(process.env.WA_COEXIST_LONG);

test(
  'lost responses, 5xx before and after acceptance, cut sockets: no send is accepted twice, and each unknown send settles correctly and never early',
  { timeout: 600_000 },
  async () => {
    const messages = long ? 20_000 : 2_000;
    const fake = createFakeCloudApi({ seed: 11 });
    const { phoneNumberId, accessToken } = fake.cloudApiNumber({ throughput: 1_000 });
    await using server = await listen(fake);
    for (const kind of ['lose-response', 'server-error', 'server-error-after', 'cut'] as const) {
      fake.faults.add({ kind, endpoint: 'messages', share: 0.1 });
    }
    const client = createClient({ accessToken, phoneNumberId, baseUrl: server.url });
    await using sender = createSender({ client, throughput: 1_000, store: memoryStore() });
    // Statuses arrive after all messages were sent, so that premature settlements would be detected.
    const settled = new Map<string, string | undefined>();
    const results = await Promise.all(
      Array.from({ length: messages }, async (_, index) => {
        const key = `m${String(index)}`;
        const to = `1555${String(1_000_000 + index)}`;
        fake.customer(to).send(phoneNumberId, 'Hello');
        const result = await sender.send({ to, type: 'text', text: { body: key } }, { key });
        if (result.outcome === 'unknown')
          void result.settled.then((settlement) => settled.set(key, settlement.outcome === 'accepted' ? settlement.messageId : undefined));
        return { key, result };
      }),
    );
    const byText = new Map<string, string[]>();
    for (const { id, body } of fake.sent) {
      const text = (body.text as { body: string }).body;
      byText.set(text, [...(byText.get(text) ?? []), id]);
    }
    const twice = [...byText].filter(([, ids]) => ids.length > 1);
    expect(twice).toEqual([]);
    const unknown = results.filter(({ result }) => result.outcome === 'unknown').map(({ key }) => key);
    expect(settled.size).toBe(0);
    for (const { id, to, body } of fake.sent) {
      const event = {
        type: 'status' as const,
        field: 'messages' as const,
        key: id,
        raw: {},
        phoneNumberId,
        status: { id, status: 'sent', recipient_id: to, biz_opaque_callback_data: String(body.biz_opaque_callback_data) },
      };
      await sender.settle(event);
    }
    const taken = unknown.filter((key) => byText.has(key));
    const wrong = taken.filter((key) => settled.get(key) !== byText.get(key)?.[0]);
    const early = [...settled.keys()].filter((key) => !byText.has(key));
    console.log(
      `${String(messages)} sends: accepted twice ${String(twice.length)}, unknown ${String(unknown.length)}, of them taken ${String(taken.length)} and settled rightly ${String(taken.length - wrong.length)}`,
    );
    expect({ wrong, early }).toEqual({ wrong: [], early: [] });
    expect(unknown.length).toBeGreaterThan(messages / 10);
    for (const { key, result } of results) if (result.outcome === 'accepted') expect(byText.get(key)).toEqual([result.messageId]);
    await fake.close();
  },
);
