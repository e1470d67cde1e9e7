import type { Logger } from '../../runtime/logger.js';
import { defined } from '../../runtime/json.js';
import type { SenderParts, SenderPartsHost, WhichMessages } from '../sender-parts.js';
import type { BullEngine } from './bull-engine.js';
import type { MessageQueues } from './message-queues.js';
import type { NumberRegistry } from './number-registry.js';
import type { NumberWorker } from './number-worker.js';
import type { SharedRedis } from './open-redis.js';
import type { ProcessEvent } from './queues.js';
import type { Outcomes } from './outcomes.js';

/** Dependencies of {@link createBullHost} that are created after the parts that use the host. */
export interface BullHostParts {
  readonly parts: SenderParts;
  readonly redis: SharedRedis;
  readonly registry: NumberRegistry;
  readonly queues: MessageQueues;
  readonly outcomes: Outcomes;
  readonly worker: NumberWorker;
}

/** Interval at which customer messages are reported to the process that sends from the number. */
const reportInboundEveryMs = 100;

/**
 * Held messages are released again this long after their campaign is resumed. Every process knows about the change
 * then, so this includes messages that a guard was just holding.
 */
const releaseAgainMs = 2_000;

/** Connects the parts of a sender to this process's numbers, and notifies other processes. */
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
  const reportInbound = async (): Promise<void> => {
    const counts = [...inbound];
    inbound.clear();
    await attempt('inbound', async () => {
      for (const [phoneNumberId, count] of counts) await lookUp().redis.publish({ type: 'inbound', phoneNumberId, count: String(count) });
    });
  };

  return {
    wabaOf: (phoneNumberId) => lookUp().registry.known(phoneNumberId)?.wabaId,
    rerunGuards: (which) => void release(which),
    join(phoneNumberId, from, to) {
      for (const session of lookUp().worker.sessions) if (session.phoneNumberId === phoneNumberId) session.join(from, to);
    },
    charge(phoneNumberId) {
      const { worker, parts } = lookUp();
      const own = [...worker.sessions].filter((session) => session.phoneNumberId === phoneNumberId);
      for (const session of own) session.charge();
      if (own.length > 0) return;
      if (inbound.size === 0) parts.clock.schedule(() => void reportInbound(), reportInboundEveryMs);
      inbound.set(phoneNumberId, (inbound.get(phoneNumberId) ?? 0) + 1);
    },
    accountChanged({ phoneNumberId, displayPhoneNumber, wabaId }) {
      void attempt('account', async () => {
        const { parts, redis } = lookUp();
        const about = defined({ phoneNumberId, displayPhoneNumber, wabaId });
        await parts.readings?.forget(about);
        await redis.publish({ type: 'account', ...about });
      });
    },
    async commanded(campaignId, command) {
      const { redis, parts } = lookUp();
      await redis.publish({ type: 'campaign', campaignId, command });
      if (command === 'paused') return;
      const isOf: WhichMessages = (_message, other) => other === campaignId;
      await release(isOf);
      parts.clock.schedule(() => void release(isOf), releaseAgainMs, { background: true });
    },
    settle: (event) => lookUp().outcomes.settle(event),
  };
}

/** Handles events of other processes. */
export function applyProcessEvent(event: ProcessEvent, parts: SenderParts, worker: NumberWorker, engine: BullEngine): void {
  switch (event.type) {
    case 'pause':
      void engine.applyPause(event.state === 'paused', event.phoneNumberId);
      return;
    case 'campaign':
      parts.campaigns.onCommand(event.campaignId, event.command);
      return;
    case 'account': {
      const { type: _type, ...about } = event;
      parts.readings?.readAgain(about, worker.sessions);
      return;
    }
    case 'cancel':
      for (const session of worker.sessions) if (session.phoneNumberId === event.phoneNumberId) session.cancel(event.id);
      return;
    case 'inbound':
      for (const session of worker.sessions) {
        if (session.phoneNumberId !== event.phoneNumberId) continue;
        for (let count = Number(event.count); count > 0; count -= 1) session.charge();
      }
      return;
    // Registries of pending sends have their own listener.
    case 'outcome':
    case 'settled':
    case 'unsettled':
  }
}

/** Starts listening for events about all processes, in the background. */
export function listenLater(redis: SharedRedis, logger: Logger): void {
  redis.listen().catch((error: unknown) => {
    logger.warn('sender.events_unavailable', { error });
  });
}
