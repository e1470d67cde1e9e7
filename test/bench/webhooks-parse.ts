/**
 * What it costs to verify and parse a history delivery of 2.7 MB, as a multiple of `JSON.parse` alone.
 * `npm run build && node test/bench/webhooks-parse.ts`
 */
import { signWebhook } from 'wa-coexist/testing';
import { parseWebhook, verifySignature } from 'wa-coexist/webhooks';

const words = 'Good morning, is the order from last week ready, or shall I come by on Friday after work instead? Thanks!';
const business = '15550100123';

function historyDelivery(threadCount: number, perThread: number): string {
  const threads = Array.from({ length: threadCount }, (_, thread) => {
    const customer = String(15550200000 + thread);
    const messages = Array.from({ length: perThread }, (_, index) => {
      const number = thread * perThread + index;
      const head = {
        from: index % 2 ? business : customer,
        id: `wamid.EXAMPLEHBgLMTU1NTAxMDA5ODcVAgARGBIw${String(number).padStart(8, '0')}==`,
        timestamp: String(1790000000 + number),
        history_context: { status: 'READ' },
      };
      return index % 10 === 9
        ? { ...head, type: 'media_placeholder' }
        : { ...head, type: 'text', text: { body: words.slice(0, 20 + ((number * 7) % words.length)) } };
    });
    return { id: customer, context: { wa_id: customer }, messages };
  });
  const metadata = { display_phone_number: business, phone_number_id: '339900112233445' };
  const value = { messaging_product: 'whatsapp', metadata, history: [{ metadata: { phase: 1, chunk_order: 4, progress: 62 }, threads }] };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '211987650043210', changes: [{ field: 'history', value }] }],
  });
}

function medianMs(run: () => unknown): number {
  const times = Array.from({ length: 60 }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return times.slice(20).sort((one, other) => one - other)[20] ?? Number.NaN;
}

const text = historyDelivery(100, 112);
const bytes = new TextEncoder().encode(text);
const header = signWebhook(bytes, 'secret');
const decoder = new TextDecoder();

const alone = medianMs(() => JSON.parse(text) as unknown);
const whole = medianMs(() => {
  verifySignature(bytes, header, 'secret');
  return parseWebhook(JSON.parse(decoder.decode(bytes)));
});
const parsed: unknown = JSON.parse(text);
const events = medianMs(() => parseWebhook(parsed));
const signature = medianMs(() => verifySignature(bytes, header, 'secret'));

console.log(`${(bytes.length / 1e6).toFixed(1)} MB, 11,200 messages; JSON.parse alone ${alone.toFixed(1)} ms`);
console.log(`verifySignature ${(signature / alone).toFixed(2)}×, parseWebhook ${(events / alone).toFixed(2)}×`);
console.log(`bytes in, events out (verify, decode, JSON.parse, parseWebhook): ${(whole / alone).toFixed(2)}×`);
