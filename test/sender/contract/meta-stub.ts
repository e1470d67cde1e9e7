import { createClient, silentLogger, type Client, type ClientOptions } from 'wa-coexist';
import type { StatusEvent } from 'wa-coexist/webhooks';

/** A message that the stub accepted. */
export interface Accepted {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly data: string;
}

/** What happens to a message instead of its acceptance. */
export type Plan = { readonly code: number } | 'lost' | 'lost-before' | Promise<void>;

/** Meta in this process: the messages endpoint, and what it says about numbers. */
export interface MetaStub {
  readonly accepted: readonly Accepted[];
  /** How often the facts of a number were read. */
  readonly reads: readonly string[];
  planOf: (text: string) => Plan | undefined;
  client(options?: ClientOptions): Client;
  textsOf(from: string): readonly string[];
}

/** Makes a Meta that accepts everything. */
export function createMetaStub(): MetaStub {
  const accepted: Accepted[] = [];
  const reads: string[] = [];
  const accept = (from: string, body: Record<string, unknown>): Response => {
    const text = textOf(body);
    accepted.push({ atMs: performance.now(), from, to: String(body.to), text, data: String(body.biz_opaque_callback_data) });
    return Response.json({ messaging_product: 'whatsapp', contacts: [{ input: body.to }], messages: [{ id: `wamid.${text}` }] });
  };
  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname.split('/');
    if (request.method === 'GET') {
      reads.push(path.at(-1) ?? '');
      return Response.json({
        id: path.at(-1),
        is_on_biz_app: false,
        throughput: { level: 'STANDARD' },
        display_phone_number: '+1 555 010 0987',
        whatsapp_business_manager_messaging_limit: 'TIER_250',
      });
    }
    const from = path.at(-2) ?? '';
    const body = (await request.json()) as Record<string, unknown>;
    const plan = stub.planOf(textOf(body));
    if (plan === undefined) return accept(from, body);
    if (plan instanceof Promise) {
      await plan;
      return accept(from, body);
    }
    if (plan === 'lost') accept(from, body);
    if (plan === 'lost' || plan === 'lost-before')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('cut'), { code: 'ECONNRESET' }) });
    return Response.json({ error: { code: plan.code, message: 'Rejected', type: 'OAuthException' } }, { status: 400 });
  };
  const stub: MetaStub = {
    accepted,
    reads,
    planOf: () => undefined,
    client: (options = {}) => createClient({ accessToken: 'EXAMPLE-TOKEN', logger: silentLogger, fetch, ...options }),
    textsOf: (from) => accepted.filter((each) => each.from === from).map(({ text }) => text),
  };
  return stub;
}

/** A status webhook about an accepted message. */
export function statusOf({ from, to, text, data }: Accepted): StatusEvent {
  return {
    type: 'status',
    field: 'messages',
    key: `wamid.${text}:sent`,
    raw: {},
    phoneNumberId: from,
    status: { id: `wamid.${text}`, status: 'sent', recipient_id: to, timestamp: '1793610000', biz_opaque_callback_data: data },
  };
}

function textOf(body: Record<string, unknown>): string {
  const { text, template } = body as { readonly text?: { readonly body: string }; readonly template?: { readonly name: string } };
  return text?.body ?? template?.name ?? '';
}
