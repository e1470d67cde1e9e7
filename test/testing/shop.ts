import { createClient, type Client } from 'wa-coexist';
import {
  createFakeCloudApi,
  fakeClock,
  type FakeClock,
  type FakeCloudApi,
  type FakeCloudApiOptions,
  type FakeReadyNumber,
} from 'wa-coexist/testing';

/** A message, an echo or a history message in a webhook. */
export interface SeenMessage {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly from?: string;
  readonly to?: string;
  readonly history_context?: { readonly status: string };
  readonly [content: string]: unknown;
}

/** The members of a change's `value` that the tests read. */
export interface SeenValue {
  readonly metadata?: { readonly display_phone_number: string; readonly phone_number_id: string };
  readonly contacts?: readonly object[];
  readonly messages?: readonly SeenMessage[];
  readonly message_echoes?: readonly SeenMessage[];
  readonly statuses?: readonly {
    readonly id: string;
    readonly status: string;
    readonly pricing?: object;
    readonly errors?: readonly object[];
    readonly [field: string]: unknown;
  }[];
  readonly state_sync?: readonly {
    readonly action: string;
    readonly contact: { readonly phone_number?: string; readonly full_name?: string; readonly first_name?: string };
    readonly metadata: { readonly timestamp: string };
  }[];
  readonly history?: readonly {
    readonly metadata: { readonly phase: number; readonly chunk_order: number; readonly progress: number };
    readonly threads?: readonly {
      readonly id: string;
      readonly context: { readonly wa_id?: string };
      readonly messages: readonly SeenMessage[];
    }[];
  }[];
  readonly [field: string]: unknown;
}

/** One element of `entry[].changes[]`, with data of its entry. */
export interface SeenChange {
  readonly entryId: string;
  readonly time?: number;
  readonly field: string;
  readonly value: SeenValue;
}

export interface Shop {
  readonly clock: FakeClock;
  readonly fake: FakeCloudApi;
  readonly number: FakeReadyNumber;
  readonly client: Client;
  /** The changes that the receiver got, in the order of arrival. */
  readonly received: SeenChange[];
  /** Returns the values of one field. */
  readonly values: (field: string) => SeenValue[];
}

/** A coexistence number on a virtual clock, a client for it, and a receiver that returns 200. */
export function openShop(options: FakeCloudApiOptions = {}): Shop {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, ...options });
  const number = fake.coexistenceNumber();
  const received: SeenChange[] = [];
  fake.deliverTo(async (request) => {
    received.push(...changesOf(await request.text()));
    return new Response();
  });
  const client = createClient({
    accessToken: number.accessToken,
    phoneNumberId: number.phoneNumberId,
    wabaId: number.wabaId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  return {
    clock,
    fake,
    number,
    client,
    received,
    values: (field) => received.filter((change) => change.field === field).map(({ value }) => value),
  };
}

export function changesOf(body: string): SeenChange[] {
  const { entry } = JSON.parse(body) as {
    entry: { id: string; time?: number; changes: { field: string; value: SeenValue }[] }[];
  };
  return entry.flatMap(({ id, time, changes }) =>
    changes.map((change) => ({ entryId: id, ...(time !== undefined && { time }), ...change })),
  );
}

/** Collects all items of a listing, or its pages. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
