import { Inject, Injectable } from '@nestjs/common';
import { replyTo, type OutgoingMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import type { WebhookEvent } from 'wa-coexist/webhooks';
import { WhatsApp } from './whatsapp.ts';

/** A small bot. Replace `answer` with your own. */
@Injectable()
export class Bot {
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;

  /** Returns the bot's reply, or `undefined` if a person replies to this customer. */
  async reply(event: WebhookEvent): Promise<OutgoingMessage | undefined> {
    if (event.type !== 'message' || event.message.type !== 'text') return undefined;
    const permit = await this.whatsapp.coexistence.handoff.beginReply(event);
    const verdict = await permit.check();
    return verdict.allowed ? replyTo(event, text(answer(event.message.text.body)), { quote: true }) : undefined;
  }
}

function answer(question: string): string {
  if (/\b(open|hours|close)\b/i.test(question)) return 'We are open from 7 to 18, and on Sunday from 8 to 12.';
  if (/\b(price|cost|much)\b/i.test(question)) return 'You can find our prices at https://shop.example/prices.';
  return 'Thank you for your message. A person will reply soon.';
}
