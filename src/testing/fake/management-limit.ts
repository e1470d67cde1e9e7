import { refuse } from './refusal.js';
import type { Waba } from './entities.js';
import type { World } from './world.js';

const hourMs = 60 * 60 * 1_000;
/** Calls an hour for an app and a WABA, with a registered number and without. Source: Meta, Rate limits (Dec 2025). */
const withNumber = 5_000;
const withoutNumber = 200;

/** Counts a call that manages a WABA. @throws `Refusal` 80007 */
export function countManagementCall(world: World, waba: Waba): void {
  const { callsAtMs } = waba;
  const nowMs = world.now();
  while (callsAtMs[0] !== undefined && callsAtMs[0] <= nowMs - hourMs) callsAtMs.shift();
  if (callsAtMs.length >= limitOf(world, waba)) throw refuse(80007, 'There have been too many calls to this WhatsApp Business account.');
  callsAtMs.push(nowMs);
}

/** The value of `X-Business-Use-Case-Usage`: what of the hour is used up, in percent. */
export function usageHeader(world: World, waba: Waba): string {
  const share = Math.min(100, Math.floor((waba.callsAtMs.length / limitOf(world, waba)) * 100));
  const waitMs = share < 100 ? 0 : (waba.callsAtMs[0] ?? world.now()) + hourMs - world.now();
  const usage = { type: 'whatsapp_business_management', call_count: share, total_cputime: 0, total_time: 0 };
  return JSON.stringify({ [waba.id]: [{ ...usage, estimated_time_to_regain_access: Math.ceil(waitMs / 60_000) }] });
}

/** The header of responses to messages. Captured (14 Oct 2024). */
export function messagingUsageHeader(wabaId: string): string {
  const usage = { type: 'whatsapp', call_count: 0, total_cputime: 0, total_time: 0, estimated_time_to_regain_access: 0 };
  return JSON.stringify({ [wabaId]: [usage] });
}

function limitOf(world: World, waba: Waba): number {
  const hasNumber = [...world.numbers.values()].some(({ wabaId, registered, api }) => wabaId === waba.id && registered && api === 'linked');
  return hasNumber ? withNumber : withoutNumber;
}
