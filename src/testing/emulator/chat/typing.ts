import { sameMessage } from '../../../identity/message-id.js';
import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';
import type { FakeChatMessage } from '../../fake/fake-phone.js';

/** Shows the typing indicators that programs sent. */
export interface Typing {
  /** Whether the business is typing in a chat. */
  isTyping(chat: readonly FakeChatMessage[]): boolean;
  close(): void;
}

/** An indicator ends after 25 seconds, or with the next message. Source: Meta, Typing indicators (4 Nov 2025). */
const endsAfterMs = 25_000;

/** Watches the requests of a fake. */
export function createTyping(fake: FakeCloudApi): Typing {
  let indicators: { readonly messageId: string; readonly atMs: number }[] = [];
  const stop = fake.on('request', ({ status, body }) => {
    if (status !== 200 || body.typing_indicator === undefined || typeof body.message_id !== 'string') return;
    const atMs = fake.clock.now();
    indicators = [...indicators.filter((other) => other.atMs + endsAfterMs > atMs), { messageId: body.message_id, atMs }];
  });
  return {
    isTyping(chat) {
      const nowMs = fake.clock.now();
      const lastReplyMs = chat.findLast(({ sender }) => sender !== 'customer')?.at.getTime() ?? 0;
      return indicators.some(
        ({ messageId, atMs }) =>
          atMs + endsAfterMs > nowMs && atMs > lastReplyMs && chat.some(({ id }) => id === messageId || sameMessage(id, messageId)),
      );
    },
    close: stop,
  };
}
