export { createBullSender } from './create-bull-sender.js';
export type { BullSender, BullSenderEvents, BullSenderOptions, BullSenderStats, BullSendOptions } from './bull-sender.js';
