import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord } from '../../runtime/json.js';
import type { ApiSender } from './create-api-sender.js';
import type { Changes } from './changes.js';
import type { LogQuery } from './log/activity.js';
import { makeView, type ViewSources } from './make-view.js';
import { runAction } from './play/run-action.js';
import { readJson } from './read-json.js';
import { noFrames } from './send-asset.js';
import { sendMedia } from './send-media.js';
import { sendJson, sendText } from './send.js';
import { signupDialog } from './signup-dialog.js';

/** What the routes of the page use. */
export interface PageContext extends ViewSources {
  readonly changes: Changes;
  readonly send: ApiSender;
  readonly advance: (ms: number) => Promise<void>;
  /** Tells open pages that something changed. */
  readonly changed: () => void;
  /** The address of the emulator. */
  readonly url: () => string;
}

/** One request of the page, under `/emulator/`. */
export interface PageRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly searchParams: URLSearchParams;
  /** The part of the path after the name of the route. */
  readonly item: string;
}

type PageRoute = (context: PageContext, request: PageRequest) => void | Promise<void>;

/** The routes under `/emulator/`, by method and name. */
export const pageRoutes: Readonly<Partial<Record<string, PageRoute>>> = {
  'GET view': (context, { response, searchParams }) => {
    const selection = { number: searchParams.get('number') ?? undefined, customer: searchParams.get('customer') ?? undefined };
    sendJson(response, makeView(context, selection));
  },
  'GET log': ({ activity, receiver, url }, { response, searchParams, item }) => {
    if (item === '') {
      sendJson(response, activity.page(logQuery(searchParams)));
      return;
    }
    const details = activity.details(Number(item), { emulator: url(), receiver: receiver.url });
    if (details) sendJson(response, details);
    else sendText(response, 404, 'There is no such entry.');
  },
  'GET clock': ({ fake }, { response }) => {
    sendJson(response, { nowMs: fake.clock.now() });
  },
  'GET media': ({ fake }, { response, item }) => {
    sendMedia(response, fake.file(item));
  },
  'GET changes': ({ changes }, { response }) => {
    changes.add(response);
  },
  'GET signup': ({ fake }, { response, searchParams }) => {
    const nonce = randomUUID();
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; img-src data:; connect-src 'self'; ${noFrames}`,
    });
    response.end(signupDialog(fake, searchParams.get('origin') ?? '', nonce));
  },
  'POST actions': async (context, { request, response }) => {
    const action = await readJson(request, response);
    if (response.headersSent) return;
    try {
      sendJson(response, (await runAction(context, action)) ?? {});
    } catch (error) {
      sendText(response, 400, error instanceof Error ? error.message : String(error));
    }
    context.changed();
  },
  'POST sender': async ({ fake, campaigns, changed }, { request, response }) => {
    const stats = await readJson(request, response);
    if (response.headersSent) return;
    const { number, queued } = isRecord(stats) ? stats : {};
    if (typeof number !== 'string' || !fake.numbers.some(({ phoneNumberId }) => phoneNumberId === number)) {
      sendText(response, 400, '"number" must be the id of a phone number.');
    } else if (typeof queued !== 'number' || !Number.isSafeInteger(queued) || queued < 0) {
      sendText(response, 400, '"queued" must be a whole number.');
    } else {
      campaigns.report(number, { queued });
      sendJson(response, {});
      changed();
    }
  },
};

function logQuery(params: URLSearchParams): LogQuery {
  const kind = params.get('kind');
  const before = params.get('before');
  return {
    ...((kind === 'request' || kind === 'delivery') && { kind }),
    problemsOnly: params.get('problems') === '1',
    text: params.get('text') ?? '',
    ...(before !== null && { before: Number(before) }),
  };
}
