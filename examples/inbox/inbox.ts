import { createCoexistence, createSender, recipientOf, type Client } from 'wa-coexist';
import { sentMessage } from 'wa-coexist/coexistence';
import { text } from 'wa-coexist/messages';
import { sqliteMirror } from 'wa-coexist/sqlite';
import type { Webhooks } from 'wa-coexist/webhooks';
import { lineOf, type Line } from './conversation.ts';
import { threadPage, threadsPage, titleOf } from './page.ts';

/** An inbox of one number. */
export interface Inbox extends AsyncDisposable {
  /** A conversation, oldest first. */
  conversation(threadId: string): Promise<readonly Line[]>;
  /** Answers through the API. Gives the reason where it did not go out. */
  answer(threadId: string, body: string): Promise<string | undefined>;
  /** The pages: `/` and `/threads/<id>`. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Opens the inbox on a SQLite file that holds what customers, the app and the API wrote. */
export function openInbox(options: { client: Client; phoneNumberId: string; webhooks: Webhooks; file: string }): Inbox {
  const { client, phoneNumberId, webhooks, file } = options;
  const { clock } = client;
  const mirror = sqliteMirror({ file, clock });
  webhooks.on('*', mirror.handle);
  const coexistence = createCoexistence({ client, webhooks, saveToken: () => undefined });
  const sender = createSender({ client, throughput: 'coexistence', webhooks, guards: [coexistence.serviceWindow.guard] });

  const conversation = async (threadId: string): Promise<readonly Line[]> => {
    const thread = await mirror.thread(phoneNumberId, threadId);
    const customer = thread ? titleOf(thread) : 'customer';
    // The latest hundred; `next` of the answer leads to those before.
    const { items } = await mirror.messages(phoneNumberId, threadId, { limit: 100 });
    const lines = items.map(async (message) => lineOf(message, await mirror.edits(phoneNumberId, message.messageId), customer));
    return (await Promise.all(lines)).reverse();
  };
  const answer = async (threadId: string, body: string): Promise<string | undefined> => {
    // The phone number, or the user ID of people who hide it.
    const recipient = recipientOf(await mirror.thread(phoneNumberId, threadId));
    if (!recipient) return 'The phone number and the user ID of this customer are unknown.';
    const message = { ...recipient, ...text(body) };
    const result = await sender.send(message);
    if (result.outcome !== 'accepted') return result.error.message;
    // What one sends oneself is in no webhook but its statuses.
    await mirror.handle(sentMessage({ phoneNumberId, message, response: result.response, sentAt: new Date(clock.now()) }));
    return undefined;
  };
  const html = (body: string, status = 200): Response =>
    new Response(body, {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      },
    });

  return {
    conversation,
    answer,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/') return html(threadsPage((await mirror.threads(phoneNumberId)).items));
      const threadId = decodeURIComponent(/^\/threads\/([^/]+)$/.exec(pathname)?.[1] ?? '');
      const thread = threadId === '' ? undefined : await mirror.thread(phoneNumberId, threadId);
      if (!thread) return new Response('Not here.', { status: 404 });
      if (request.method === 'POST') {
        // Another site's page can post a form here, too: browsers say so.
        if (request.headers.get('sec-fetch-site') === 'cross-site') return new Response('From this page alone.', { status: 403 });
        const problem = await answer(threadId, String(new URLSearchParams(await request.text()).get('text')));
        return problem === undefined
          ? new Response(null, { status: 303, headers: { location: pathname } })
          : new Response(problem, { status: 409 });
      }
      return html(threadPage(titleOf(thread), await conversation(threadId)));
    },
    [Symbol.asyncDispose]: async () => {
      await sender.close();
      await coexistence.close();
      await mirror.close();
    },
  };
}
