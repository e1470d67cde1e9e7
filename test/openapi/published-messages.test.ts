import { describe, expect, test } from 'vitest';
import { sendMessage, type OutgoingMessage } from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';
import { clientOn } from './run-action.js';
import { hasSpecs, publishedMessages } from './specs.js';

describe.skipIf(!hasSpecs)("each message in Meta's documentation passes the checks and is sent unchanged", () => {
  test.each([...publishedMessages()])('%s', async (_name, body) => {
    const { fetch, requests } = recordMeta({ messages: [{ id: 'wamid.EXAMPLE1' }] });
    // Parsed from JSON, so the compiler doesn't know its type.
    await sendMessage(clientOn(fetch), body as unknown as OutgoingMessage);
    expect(requests[0]?.body).toEqual({ messaging_product: 'whatsapp', ...body });
  });
});
