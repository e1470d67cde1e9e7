import type { FakeCloudApi } from '../fake/fake-cloud-api.js';

/** Sends a message of a number through the API, as a program does. */
export type ApiSender = (number: string, message: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Makes the sender of the page. The page shows an error in the log, next to those of your program. */
export function createApiSender(fake: FakeCloudApi): ApiSender {
  let token: string | undefined;
  return async (number, message) => {
    token ??= fake.issueToken();
    const answer = await fake.answer({
      method: 'POST',
      url: `https://graph.facebook.com/v26.0/${number}/messages`,
      authorization: `Bearer ${token}`,
      contentType: 'application/json',
      body: JSON.stringify({ messaging_product: 'whatsapp', ...message }),
    });
    if (answer.cut) return {};
    return { status: answer.status, response: typeof answer.body === 'string' ? (JSON.parse(answer.body) as unknown) : {} };
  };
}
