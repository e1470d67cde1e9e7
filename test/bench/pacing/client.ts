/**
 * Sends one message to each recipient, in a process without other work. Notifies its parent when all messages have
 * their outcomes.
 */
import { createClient, createSender, type SendPacing } from 'wa-coexist';

/** The settings of the client. */
export interface ClientSettings {
  readonly baseUrl: string;
  readonly cap: number;
  readonly messages: number;
  readonly pacing?: SendPacing;
}

// The parent wrote it.
const { baseUrl, cap, messages, pacing } = JSON.parse(process.argv[2] ?? '') as ClientSettings;
const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', baseUrl });
const sender = createSender({ client, throughput: cap, ...(pacing && { pacing }) });
await Promise.all(
  Array.from({ length: messages }, (_, index) =>
    sender.send({ to: `1555${1_000_000 + index}`, type: 'text', text: { body: 'Your order is ready.' } }),
  ),
);
await sender.close();
process.send?.('sent');
process.disconnect();
