import { Buffer } from 'node:buffer';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import type { Store } from 'wa-coexist';
import { createWebhooks } from 'wa-coexist/webhooks';
import { WhatsAppAPI } from 'whatsapp-api-js/middleware/web-standard';
import { compare, type Contender } from './harness/compare.ts';
import { appSecret, receiveAll, requestOf, textDelivery } from './harness/deliveries.ts';
import type { Figure } from './harness/figure.ts';

const batch = 250;
const rounds = 60;
/** Rounds until the code is compiled. The compiler threads run in parallel and count. */
const warmUpRounds = 100;

/** Stores nothing, like the other libraries, so duplicates are handled again. */
const forgetful: Store = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve({ written: true, version: '1' }),
  setIfAbsent: () => Promise.resolve({ written: true, version: '1' }),
  delete: () => Promise.resolve(false),
  list: () => Promise.resolve([]),
  batch: () => Promise.resolve([]),
};

/** The same requests through each library: signature, parse, one handler, a response. */
export const figure: Figure = {
  name: 'texts a second through webhooks.fetch, to the faster of two peers',
  target: { above: 1 },
  async run() {
    const handled = { ours: 0, forgetful: 0, kapso: 0, whatsappApiJs: 0 };

    const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token' });
    webhooks.on('message', () => {
      handled.ours += 1;
    });
    const forgetfulWebhooks = createWebhooks({ appSecret, verifyToken: 'verify-token', store: forgetful });
    forgetfulWebhooks.on('message', () => {
      handled.forgetful += 1;
    });

    const kapso = async (request: Request): Promise<Response> => {
      const rawBody = Buffer.from(await request.arrayBuffer());
      const signatureHeader = request.headers.get('x-hub-signature-256') ?? '';
      if (!verifySignature({ appSecret, rawBody, signatureHeader })) return new Response(null, { status: 401 });
      const { messages } = normalizeWebhook(JSON.parse(rawBody.toString('utf8')));
      for (const message of messages) if (message.type === 'text') handled.kapso += 1;
      return new Response(null, { status: 200 });
    };

    const api = new WhatsAppAPI({ token: 'token', appSecret, webhookVerifyToken: 'verify-token', v: 'v26.0' });
    api.on.message = () => {
      handled.whatsappApiJs += 1;
    };
    const whatsappApiJs = async (request: Request): Promise<Response> => new Response(null, { status: await api.handle_post(request) });

    let made = 0;
    const contender =
      (receive: (request: Request) => Promise<Response>): Contender =>
      () => {
        const requests = Array.from({ length: batch }, () => requestOf(textDelivery((made += 1))));
        return () => receiveAll(receive, requests);
      };
    const medians = await compare(
      {
        ours: contender(webhooks.fetch),
        forgetful: contender(forgetfulWebhooks.fetch),
        kapso: contender(kapso),
        whatsappApiJs: contender(whatsappApiJs),
      },
      { rounds, warmUpRounds },
    );
    if (Object.values(handled).some((count) => count !== (rounds + warmUpRounds) * batch)) throw new Error('Messages were lost.');
    const perSecond = (ms: number): number => batch / (ms / 1000);
    return {
      value: Math.min(medians.kapso, medians.whatsappApiJs) / medians.ours,
      unit: '×',
      details: {
        'ours a second': perSecond(medians.ours),
        'ours without telling copies a second': perSecond(medians.forgetful),
        '@kapso/whatsapp-cloud-api a second': perSecond(medians.kapso),
        'whatsapp-api-js a second': perSecond(medians.whatsappApiJs),
      },
    };
  },
};
