import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import { conversationChanges } from 'wa-coexist/coexistence';
import {
  conversationTables,
  mergeConversationRow,
  threadIdOf,
  type AliasRow,
  type ConversationChange,
  type ConversationEvent,
  type ConversationOptions,
  type MessageRow,
} from 'wa-coexist/coexistence';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';
import { isLong } from '../../long-runs.js';
import {
  anyOrders,
  chunk,
  contact,
  echo,
  edit,
  eventsOf,
  imageOf,
  mara,
  message,
  newUserId,
  pastMedia,
  phoneNumberId,
  placeholder,
  reaction,
  revoke,
  sent,
  status,
  stub,
  textOf,
  timeAt,
} from './script.js';

/** Returns the rows that events produce in a database of maps, by table and key. */
function rowsAfter(events: readonly ConversationEvent[], options?: ConversationOptions): Map<string, ConversationChange> {
  const rows = new Map<string, ConversationChange>();
  for (const event of events) {
    for (const change of conversationChanges(event, options)) {
      const { table, row } = change;
      const key = [
        table,
        ...Object.entries(row).flatMap(([name, value]) =>
          (conversationTables[table].key as readonly string[]).includes(name) ? [value as string] : [],
        ),
      ].join(' ');
      const known = rows.get(key);
      rows.set(key, { table, row: mergeConversationRow(table, known?.row as never, row) } as ConversationChange);
    }
  }
  return rows;
}
function messageAfter(events: readonly ConversationEvent[], id: string): MessageRow | undefined {
  return rowsAfter(events).get(`messages ${phoneNumberId} ${id}`)?.row as MessageRow | undefined;
}
function aliasesAfter(events: readonly ConversationEvent[], options?: ConversationOptions): (id: string) => string {
  const rows = rowsAfter(events, options);
  return (id) => threadIdOf(id, (one) => (rows.get(`aliases ${phoneNumberId} ${one}`)?.row as AliasRow | undefined)?.sameAs);
}
/** Returns all permutations of a list. */
function orders<Item>(items: readonly Item[]): Item[][] {
  return items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => orders([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]));
}

describe('conversationChanges', () => {
  test('leads to the same rows for any order and any repetition', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(anyOrders(), ([events, mixed]) => {
        expect(rowsAfter(mixed)).toEqual(rowsAfter(events));
      }),
      { numRuns: isLong ? 50_000 : 1_500 },
    );
  });

  test('merges two rows commutatively, associatively and idempotently', () => {
    fc.assert(
      fc.property(anyOrders(), ([events]) => {
        const changes = events.flatMap((event) => conversationChanges(event)).filter(({ table }) => table === 'messages');
        const [one, two, three] = changes.map(({ row }) => ({ ...row, messageId: 'wamid.X' }));
        if (!one || !two || !three) return;
        const join = (left: MessageRow, right: MessageRow): MessageRow => mergeConversationRow('messages', left, right);
        expect(join(one, two)).toEqual(join(two, one));
        expect(join(join(one, two), three)).toEqual(join(one, join(two, three)));
        expect(join(one, one)).toEqual(one);
      }),
      { numRuns: 1_000 },
    );
  });

  test('writes one row per message, whichever webhooks contained it', () => {
    const events = [
      chunk(mara, [{ id: 'wamid.1', second: 1, content: placeholder }]),
      pastMedia(mara, 'wamid.1', 2, imageOf('880011223344', 'Front window')),
    ];
    for (const order of orders(events)) {
      expect(messageAfter(order, 'wamid.1')).toEqual({
        phoneNumberId,
        messageId: 'wamid.1',
        customerId: mara.userId,
        direction: 'inbound',
        occurredAt: timeAt(1),
        place: 1_000_001,
        originRank: 7,
        author: 'customer',
        authorRank: 1,
        type: 'image',
        text: 'Front window',
        content: { type: 'image', image: { id: '880011223344', mime_type: 'image/jpeg', caption: 'Front window' } },
        contentRank: 5,
        mediaId: '880011223344',
        media: { id: '880011223344', mime_type: 'image/jpeg', caption: 'Front window' },
        mediaRank: 2,
        status: 'read',
        statusRank: 6,
      });
    }
  });

  test('changes nothing that a live event reported, and fills gaps from a late history', () => {
    const live = message(mara, 'wamid.1', 5, { type: 'image', image: { caption: 'Window' } });
    const past = chunk({ waId: mara.waId }, [{ id: 'wamid.1', second: 4, content: imageOf('880', 'Other'), status: 'DELIVERED' }]);
    for (const order of orders([live, past])) {
      expect(messageAfter(order, 'wamid.1')).toMatchObject({
        occurredAt: timeAt(5),
        customerId: mara.userId,
        text: 'Window',
        content: { image: { caption: 'Window' } },
        mediaId: '880',
        status: 'delivered',
      });
    }
  });

  test('replaces the stub of an unavailable message by the message', () => {
    const events = [message(mara, 'wamid.1', 1, stub), message(mara, 'wamid.1', 1, textOf('Hello'))];
    for (const order of orders(events)) expect(messageAfter(order, 'wamid.1')).toMatchObject({ type: 'text', text: 'Hello' });
    expect(messageAfter(events.slice(0, 1), 'wamid.1')).toMatchObject({ type: 'unsupported' });
  });

  test('accepts an edit and a deletion before their message', () => {
    const events = [
      echo(mara, 'wamid.1', 1, textOf('We open at ten')),
      echo(mara, 'wamid.2', 5, edit('wamid.1', textOf('We open at nine'))),
      echo(mara, 'wamid.3', 9, edit('wamid.1', textOf('We open at eight'))),
      echo(mara, 'wamid.4', 12, revoke('wamid.1')),
    ];
    for (const order of orders(events)) {
      const rows = rowsAfter(order);
      expect(rows.get(`messages ${phoneNumberId} wamid.1`)?.row).toMatchObject({
        occurredAt: timeAt(1),
        text: 'We open at ten',
        author: 'app',
        editId: 'wamid.3',
        editedText: 'We open at eight',
        edited: { type: 'text', text: { body: 'We open at eight' } },
        revokedAt: timeAt(12),
      });
      expect([...rows.keys()].filter((key) => key.startsWith('edits'))).toHaveLength(2);
      expect([...rows.keys()].filter((key) => key.startsWith('messages'))).toHaveLength(1);
    }
    expect(messageAfter(events.slice(3), 'wamid.1')).toMatchObject({
      direction: 'outbound',
      customerId: mara.userId,
      revokedAt: timeAt(12),
    });
  });

  test('the content has no members of the envelope, also if Meta adds one', () => {
    const envelope = {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      biz_opaque_callback_data: 'order-4711',
      recipient_identity_key_hash: 'hash',
      messaging_account_id: '102290129340398',
      category: 'utility',
      ttl_seconds: 60,
      direct_send_config: { template_name: 'spring' },
      member_that_meta_adds: 'x',
    };
    const image = { type: 'image', image: { id: '880', caption: 'Window' } };
    for (const content of [image, textOf('Hello'), { text: { body: 'Hello' } }, { ...image, context: { message_id: 'wamid.0' } }]) {
      const row = messageAfter([sent(mara, 'wamid.1', 1, { ...envelope, ...content })], 'wamid.1');
      const { context: _context, ...own } = { type: 'text', ...content } as Record<string, unknown>;
      expect(row?.content).toEqual(own);
    }
    for (const content of [image, textOf('Hello')]) {
      expect(messageAfter([echo(mara, 'wamid.1', 1, { ...envelope, ...content })], 'wamid.1')?.content).toEqual(content);
      expect(messageAfter([message(mara, 'wamid.1', 1, { ...envelope, ...content })], 'wamid.1')?.content).toEqual(content);
      const change = { ...edit('wamid.1', { ...envelope, ...content }) };
      expect(messageAfter([echo(mara, 'wamid.2', 2, change)], 'wamid.1')?.edited).toEqual(content);
    }
    expect(messageAfter([sent(mara, 'wamid.1', 1, { ...image, context: { message_id: 'wamid.0' } })], 'wamid.1')?.answers).toBe('wamid.0');
  });

  test('writes a send, its echo and its statuses as one API message, whose status never goes back', () => {
    const events = [
      sent(mara, 'wamid.1', 1, { type: 'template', template: { name: 'spring', language: { code: 'en_US' } } }),
      echo(mara, 'wamid.1', 2, textOf('Spring is here')),
      status(mara, 'wamid.1', 3, 'delivered'),
      status(mara, 'wamid.1', 4, 'read'),
      status(mara, 'wamid.1', 2, 'sent'),
    ];
    for (const order of orders(events)) {
      expect(messageAfter(order, 'wamid.1')).toMatchObject({
        author: 'api',
        direction: 'outbound',
        type: 'template',
        content: { type: 'template', template: { name: 'spring' } },
        status: 'read',
        statusAt: timeAt(4),
      });
    }
    expect(messageAfter(events.slice(2), 'wamid.1')).toMatchObject({ author: 'api', customerId: mara.userId, occurredAt: timeAt(2) });
    const failed = status(mara, 'wamid.1', 9, 'failed', { errors: [{ code: 131026, title: 'Message undeliverable' }] });
    expect(messageAfter([failed, ...events], 'wamid.1')).toMatchObject({ status: 'failed', statusError: { code: 131026 } });
  });

  test("doesn't treat the error of a history as the failure of a read message, or a payment as a status of its message", () => {
    const error = chunk(mara, [{ id: 'wamid.1', second: 1, content: textOf('Hi'), outbound: true, status: 'ERROR' }]);
    for (const order of orders([error, status(mara, 'wamid.1', 2, 'read')])) {
      expect(messageAfter(order, 'wamid.1')).toMatchObject({ status: 'read', author: 'api' });
    }
    expect(messageAfter([error], 'wamid.1')).toMatchObject({ status: 'failed', author: 'app' });
    expect(messageAfter([status(mara, 'wamid.1', 2, 'failed', { type: 'payment' })], 'wamid.1')).not.toHaveProperty('status');
  });

  test('keeps the latest reaction of each side', () => {
    const events = [
      message(mara, 'wamid.2', 5, reaction('wamid.1', '👍')),
      message(mara, 'wamid.3', 6, reaction('wamid.1')),
      echo(mara, 'wamid.4', 3, reaction('wamid.1', '🎉')),
    ];
    for (const order of orders(events)) {
      const rows = rowsAfter(order);
      expect(rows.get(`reactions ${phoneNumberId} wamid.1 customer`)?.row).not.toHaveProperty('emoji');
      expect(rows.get(`reactions ${phoneNumberId} wamid.1 business`)?.row).toMatchObject({ emoji: '🎉', customerId: mara.userId });
    }
  });

  test('writes edits, deletions and reactions of a history, too', () => {
    const past = chunk(mara, [
      { id: 'wamid.1', second: 1, content: textOf('Tow loaves') },
      { id: 'wamid.2', second: 2, content: edit('wamid.1', textOf('Two loaves')) },
      { id: 'wamid.3', second: 3, content: textOf('Oops') },
      { id: 'wamid.4', second: 4, content: revoke('wamid.3') },
      { id: 'wamid.5', second: 5, content: reaction('wamid.1', '🍞'), outbound: true },
    ]);
    const rows = rowsAfter([past]);
    expect(rows.get(`messages ${phoneNumberId} wamid.1`)?.row).toMatchObject({ text: 'Tow loaves', editedText: 'Two loaves' });
    expect(rows.get(`messages ${phoneNumberId} wamid.3`)?.row).toMatchObject({ text: 'Oops', revokedAt: timeAt(4) });
    expect(rows.get(`reactions ${phoneNumberId} wamid.1 business`)?.row).toMatchObject({ emoji: '🍞' });
    // The live version of an edit, whose content was validated, has priority over the one from a history.
    const live = message(mara, 'wamid.2', 2, edit('wamid.1', textOf('Two loaves')));
    expect(rowsAfter([past, live]).get(`edits ${phoneNumberId} wamid.2`)?.row).toMatchObject({ editRank: 2 });
  });

  test('joins a person by number, by user ID, and after a change of either', () => {
    const thread = aliasesAfter([message(mara, 'wamid.1', 5, textOf('Hi')), newUserId('15550100555', mara.userId, 'US.2', 9)]);
    expect(thread(mara.waId)).toBe('US.2');
    expect(thread(mara.userId)).toBe('US.2');
    expect(thread('15550100555')).toBe('US.2');
    const [system] = eventsOf('messages', {
      messages: [
        {
          from: mara.waId,
          id: 'wamid.9',
          timestamp: '1795000009',
          type: 'system',
          system: { type: 'user_changed_user_id', body: 'Mara changed', wa_id: '15550100555', user_id: 'US.2' },
        },
      ],
    });
    if (!system) throw new Error('no event');
    for (const order of orders([message(mara, 'wamid.1', 5, textOf('Hi')), system])) {
      const told = aliasesAfter(order);
      expect(told(mara.waId)).toBe('US.2');
      expect(told('15550100555')).toBe('US.2');
    }
  });

  test('links the previous IDs of a system message without a customer', () => {
    const change = (system: Readonly<Record<string, unknown>>, head: Readonly<Record<string, unknown>> = {}): readonly WebhookEvent[] =>
      eventsOf('messages', { messages: [{ id: 'wamid.9', timestamp: '1795000009', ...head, type: 'system', system }] });
    const known = message(mara, 'wamid.1', 5, textOf('Hi'));
    const now = { type: 'user_changed_user_id', body: 'Mara changed', user_id: 'US.2' };
    const cases = [
      change({ ...now, previous_user_id: mara.userId }),
      change(now, { from_user_id: mara.userId }),
      change({ ...now, type: 'user_changed_number', wa_id: '15550100555', previous_user_id: mara.userId }, { from: '15550100555' }),
    ];
    for (const events of cases) {
      for (const order of orders([known, ...events])) {
        const thread = aliasesAfter(order);
        expect(thread(mara.userId)).toBe('US.2');
        expect(thread(mara.waId)).toBe('US.2');
      }
    }
  });

  test('gives a number with a new owner to the new person, and leaves the earlier conversation to the earlier one', () => {
    const events = [message(mara, 'wamid.1', 1, textOf('Hi')), message({ waId: mara.waId, userId: 'US.3' }, 'wamid.2', 9, textOf('Hello'))];
    for (const order of orders(events)) {
      const thread = aliasesAfter(order);
      expect(thread(mara.waId)).toBe('US.3');
      expect(thread(mara.userId)).toBe(mara.userId);
    }
  });

  test('accepts a cycle of changes as one person', () => {
    const aliases: Record<string, string> = { a: 'b', b: 'c', c: 'b', d: 'a' };
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => threadIdOf(id, (one) => aliases[one]))).toEqual(['b', 'b', 'b', 'b', 'e']);
    expect(threadIdOf('a', () => 'a')).toBe('a');
  });

  test('writes numbers of Brazil with and without the ninth digit as one, unless the caller turns that off', () => {
    const events = [
      message({ waId: '5511987654321' }, 'wamid.1', 1, textOf('Oi')),
      echo({ waId: '551187654321' }, 'wamid.2', 2, textOf('Oi!')),
    ];
    const customers = (options?: ConversationOptions): string[] =>
      [...rowsAfter(events, options).values()].flatMap(({ table, row }) => (table === 'customers' ? [row.customerId] : []));
    expect(customers()).toEqual(['551187654321']);
    expect(customers({ numberKey: (waId) => waId })).toEqual(['5511987654321', '551187654321']);
  });

  test('uses the latest profile name, and the name of the address book until the contact is removed', () => {
    const key = `customers ${phoneNumberId} ${mara.userId}`;
    const events = [
      message({ ...mara, name: 'Mara L' }, 'wamid.2', 9, textOf('Hi')),
      message(mara, 'wamid.1', 1, textOf('Hi')),
      contact(mara, 3, 'Mara Lindqvist'),
    ];
    for (const order of orders(events)) {
      expect(rowsAfter(order).get(key)?.row).toMatchObject({
        name: 'Mara L',
        contactName: 'Mara Lindqvist',
        username: 'mara.reads',
        waId: mara.waId,
      });
    }
    expect(rowsAfter([contact(mara, 4), ...events]).get(key)?.row).not.toHaveProperty('contactName');
  });

  test('writes each row once, and ignores groups and events without a number', () => {
    const double = chunk(mara, [
      { id: 'wamid.1', second: 1, content: placeholder },
      { id: 'wamid.1', second: 1, content: textOf('Hi') },
    ]);
    const messages = conversationChanges(double).filter(({ table }) => table === 'messages');
    expect(messages).toMatchObject([{ row: { text: 'Hi' } }]);
    expect(conversationChanges(message(mara, 'wamid.1', 1, { ...textOf('Hi all'), group_id: 'g1' }))).toEqual([]);
    expect(
      parseWebhook({ entry: [{ id: '1', changes: [{ field: 'account_update', value: { event: 'X' } }] }] }).flatMap((event) =>
        conversationChanges(event),
      ),
    ).toEqual([]);
  });

  test("doesn't store links that are valid for minutes", () => {
    const live = message(mara, 'wamid.1', 1, { type: 'image', image: { id: '880', url: 'https://lookaside.example/880' } });
    expect(JSON.stringify(messageAfter([live], 'wamid.1'))).not.toContain('lookaside');
  });

  test('survives hostile content', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('messages', 'history', 'smb_message_echoes', 'smb_app_state_sync', 'user_id_update'),
        fc.object({ maxDepth: 4 }),
        fc.string(),
        (field, odd, text) => {
          const items = [
            { id: text, from: text, timestamp: '99999999999', type: text, [text]: odd, ...odd },
            odd,
            { type: 'edit', edit: { original_message_id: text, message: odd } },
          ];
          const events = eventsOf(field, {
            ...odd,
            messages: items,
            message_echoes: items,
            statuses: items,
            state_sync: items,
            user_id_update: items,
            history: [{ threads: [{ id: text, messages: items }] }],
          });
          for (const event of events) {
            for (const { row } of conversationChanges(event)) expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
          }
        },
      ),
      { numRuns: 500 },
    );
    const odd = [
      { type: 'interactive', interactive: { type: 'button_reply', body: null, button_reply: { id: '1' } } },
      { type: 'image', image: { id: '880', caption: 'Window', sha256: 7 } },
      edit('wamid.1', { type: 'image', image: { id: 5, caption: { a: 1 } } }),
      edit('wamid.1', { type: 'video', video: null }),
      { type: '__proto__', __proto__: { id: 'x' } },
    ];
    for (const [index, content] of odd.entries()) {
      const past = chunk(mara, [{ id: 'wamid.1', second: index, content }]);
      for (const event of [message(mara, 'wamid.1', index, content), past]) {
        for (const { row } of conversationChanges(event)) if ('text' in row) expect(row.text).toBeTypeOf('string');
      }
    }
    const far = message(mara, 'wamid.1', 8_000_000_000_000, textOf('Hi'));
    expect(messageAfter([far], 'wamid.1')?.occurredAt).toEqual(new Date(0));
  });
});
