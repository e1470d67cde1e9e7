import { createClient, silentLogger, type Client, type ClientOptions } from 'wa-coexist';
import type { StatusEvent } from 'wa-coexist/webhooks';
import { fetchOf } from '../../../src/testing/fake/fetch.js';
import { nameOf, recordingFake, type AcceptedMessage, type MessageBody } from '../../meta/ready-fake.js';
import { brokenConnection, graphError } from '../../meta/recorder.js';

/** The behavior for a message, if it isn't accepted normally. */
export type Plan = { readonly code: number } | 'lost' | 'lost-before' | Promise<void>;

/** The fake Cloud API in this process, with scripted faults. */
export interface MetaStub {
  readonly accepted: readonly AcceptedMessage[];
  /** The numbers that were read. */
  readonly reads: readonly string[];
  planOf: (text: string) => Plan | undefined;
  client(options?: ClientOptions): Client;
  textsOf(from: string): readonly string[];
  /** The ID of the accepted message with a text. */
  idOf(text: string): string;
}

/** Creates a Meta that accepts everything. */
export function createMetaStub(): MetaStub {
  const { answer, accepted, accessToken, idOf } = recordingFake();
  const reads: string[] = [];
  const send = fetchOf(answer);
  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    if (request.method === 'GET') {
      reads.push(new URL(request.url).pathname.split('/').at(-1) ?? '');
      return send(request);
    }
    const plan = stub.planOf(nameOf((await request.clone().json()) as MessageBody));
    if (plan instanceof Promise) await plan;
    if (plan === 'lost-before') throw brokenConnection();
    if (plan && !(plan instanceof Promise) && plan !== 'lost') return graphError(plan.code);
    const response = await send(request);
    if (plan === 'lost') throw brokenConnection();
    return response;
  };
  const stub: MetaStub = {
    accepted,
    reads,
    planOf: () => undefined,
    client: (options = {}) => createClient({ accessToken, logger: silentLogger, fetch, ...options }),
    textsOf: (from) => accepted.filter((each) => each.from === from).map(({ text }) => text),
    idOf,
  };
  return stub;
}

/** Returns a status webhook about an accepted message. */
export function statusOf({ id, from, to, data }: AcceptedMessage): StatusEvent {
  return {
    type: 'status',
    field: 'messages',
    key: `${id}:sent`,
    raw: {},
    phoneNumberId: from,
    status: { id, status: 'sent', recipient_id: to, timestamp: '1793610000', biz_opaque_callback_data: data },
  };
}
