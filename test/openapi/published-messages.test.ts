import { describe, expect, test } from 'vitest';
import { sendMessage, type OutgoingMessage } from 'wa-coexist';
import { recorder } from '../recorder.js';
import { clientOn } from './run-action.js';
import { hasSpecs, publishedMessages } from './specs.js';

describe.skipIf(!hasSpecs)('every message that Meta prints passes the checks and leaves unchanged', () => {
  test.each([...publishedMessages()])('%s', async (_name, body) => {
    const { fetch, requests } = recorder({ messages: [{ id: 'wamid.EXAMPLE1' }] });
    const { to } = body;
    // Meta prints placeholders such as {{Recipient-Phone-Number}}, which are no numbers.
    const message = typeof to === 'string' && !/\d/.test(to) ? { ...body, to: '15550100987' } : body;
    // Printed as JSON, so that the compiler knows nothing of it.
    await sendMessage(clientOn(fetch), message as unknown as OutgoingMessage);
    expect(requests[0]?.body).toEqual({ messaging_product: 'whatsapp', ...message });
  });
});
