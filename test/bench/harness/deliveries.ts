import { signWebhook, webhookPayload, type PayloadHistoryThread } from 'wa-coexist/testing';

export const appSecret = 'bench-app-secret';

/** A signed delivery, in the bytes that Meta sends. */
export interface Delivery {
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signature: string;
}

/** Meta writes only ASCII characters: all others as `\uXXXX`, and slashes as `\/`. */
export function deliveryOf(payload: unknown): Delivery {
  const text = JSON.stringify(payload).replace(/[/\u007f-\uffff]/g, (character) =>
    character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const bytes = new TextEncoder().encode(text);
  return { text, bytes, signature: signWebhook(bytes, appSecret) };
}

/** A text of one of a thousand customers. */
export function textDelivery(index: number): Delivery {
  const waId = String(15550200000 + (index % 1000));
  return deliveryOf(webhookPayload('message', { message: `Can I pick up order ${index} at five?`, customer: { waId, name: 'Mara' } }));
}

const texts = [
  'Good morning! Do you still have rye bread?',
  'Yes, fresh from the oven',
  'Can I pick it up at five, or shall I come by on Friday after work instead? My sister could come along then.',
  'Thank you 🙏',
  'Könnt ihr auch liefern?',
  'Natürlich, bis gleich!',
  'Is there anything without nuts? We have a guest who cannot have any, not even traces.',
  'https://maps.example/route/home',
] as const;

/** A chunk of the history sync: threads of 100 messages, one in ten of them with a file that arrives later. */
export function historyDelivery(messages: number): Delivery {
  const threads = Array.from({ length: messages / 100 }, (_, thread): PayloadHistoryThread => {
    const waId = String(15550200000 + thread);
    return {
      customer: { waId },
      messages: Array.from({ length: 100 }, (_, index) => ({
        direction: index % 2 === 0 ? 'inbound' : 'outbound',
        occurredAt: new Date(Date.UTC(2026, 8, 1, 8, 0, thread * 100 + index)),
        message: index % 10 === 9 ? { type: 'media_placeholder' } : texts[(thread + index) % texts.length]!,
      })),
    };
  });
  return deliveryOf(webhookPayload('history.chunk', { phase: 1, chunkOrder: 4, progress: 62, threads }));
}

/** What a server makes of a delivery. */
export function requestOf({ bytes, signature }: Delivery): Request {
  return new Request('https://shop.example/webhooks', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(bytes.length), 'x-hub-signature-256': signature },
    body: bytes,
  });
}

/** Hands requests to a receiver, one after the other. */
export async function receiveAll(receive: (request: Request) => Promise<Response>, requests: readonly Request[]): Promise<void> {
  for (const request of requests) {
    const { status } = await receive(request);
    if (status !== 200) throw new Error(`Refused: ${status}`);
  }
}
