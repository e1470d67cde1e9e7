import type { Logger } from '../../runtime/logger.js';
import { defined } from '../../runtime/json.js';
import type { SenderParts, SenderPartsHost, WhichMessages } from '../sender-parts.js';
import type { BullEngine } from './bull-engine.js';
import type { MessageQueues } from './message-queues.js';
import type { NumberRegistry } from './number-registry.js';
import type { NumberWorker } from './number-worker.js';
import type { SharedRedis } from './open-redis.js';
import type { News } from './queues.js';
import type { Outcomes } from './outcomes.js';

/** What {@link createBullHost} works with: made after the parts that use the host. */
export interface BullHostParts {
  readonly parts: SenderParts;
  readonly redis: SharedRedis;
  readonly registry: NumberRegistry;
  readonly queues: MessageQueues;
  readonly outcomes: Outcomes;
  readonly worker: NumberWorker;
}

/** Messages of customers are reported together to the process that sends from the number, this often. */
const tellInboundEveryMs = 100;

/** A message that was being held when its campaign was resumed is looked for after this time: by then every process knows. */
const releaseAgainMs = 2_000;

/** Does for the parts of a sender what concerns its own numbers, and tells other processes the rest. */
export function createBullHost(lookUp: () => BullHostParts): SenderPartsHost {
  const inbound = new Map<string, number>();
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      lookUp().parts.logger.warn('sender.processes_not_told', { what, error });
    }
  };
  const release = (which: WhichMessages): Promise<void> => attempt('held', () => lookUp().queues.releaseHeld(which));
  const tellInbound = async (): Promise<void> => {
    const counts = [...inbound];
    inbound.clear();
    await attempt('inbound', async () => {
      for (const [phoneNumberId, count] of counts) await lookUp().redis.tell({ type: 'inbound', phoneNumberId, count: String(count) });
    });
  };

  return {
    wabaOf: (phoneNumberId) => lookUp().registry.known(phoneNumberId)?.wabaId,
    askAgain: (which) => void release(which),
    join(phoneNumberId, from, to) {
      for (const session of lookUp().worker.sessions) if (session.phoneNumberId === phoneNumberId) session.join(from, to);
    },
    charge(phoneNumberId) {
      const { worker, parts } = lookUp();
      const own = [...worker.sessions].filter((session) => session.phoneNumberId === phoneNumberId);
      for (const session of own) session.charge();
      if (own.length > 0) return;
      if (inbound.size === 0) parts.clock.schedule(() => void tellInbound(), tellInboundEveryMs);
      inbound.set(phoneNumberId, (inbound.get(phoneNumberId) ?? 0) + 1);
    },
    accountChanged({ phoneNumberId, displayPhoneNumber, wabaId }) {
      void attempt('account', async () => {
        const { parts, redis } = lookUp();
        const about = defined({ phoneNumberId, displayPhoneNumber, wabaId });
        await parts.readings?.forget(about);
        await redis.tell({ type: 'account', ...about });
      });
    },
    async commanded(campaignId, command) {
      const { redis, parts } = lookUp();
      await redis.tell({ type: 'campaign', campaignId, command });
      if (command === 'paused') return;
      const isOf: WhichMessages = (_message, other) => other === campaignId;
      await release(isOf);
      parts.clock.schedule(() => void release(isOf), releaseAgainMs, { background: true });
    },
    settle: (event) => lookUp().outcomes.settle(event),
  };
}

/** Does what other processes tell, as far as it concerns this process. */
export function heedNews(news: News, parts: SenderParts, worker: NumberWorker, engine: BullEngine): void {
  switch (news.type) {
    case 'pause':
      engine.heardPause(news.state === 'paused', news.phoneNumberId);
      return;
    case 'campaign':
      parts.campaigns.onCommand(news.campaignId, news.command);
      return;
    case 'account': {
      const { type: _type, ...about } = news;
      parts.readings?.readAgain(about, worker.sessions);
      return;
    }
    case 'cancel':
      for (const session of worker.sessions) if (session.phoneNumberId === news.phoneNumberId) session.cancel(news.id);
      return;
    case 'inbound':
      for (const session of worker.sessions) {
        if (session.phoneNumberId !== news.phoneNumberId) continue;
        for (let count = Number(news.count); count > 0; count -= 1) session.charge();
      }
      return;
    // Those who wait for outcomes listen themselves.
    case 'outcome':
    case 'settled':
    case 'unsettled':
  }
}

/** Listens for events about all processes. */
export function listenLater(redis: SharedRedis, logger: Logger): void {
  redis.listen().catch((error: unknown) => {
    logger.warn('sender.events_unavailable', { error });
  });
}
