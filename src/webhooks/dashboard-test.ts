import type { Logger } from '../runtime/logger.js';
import type { WebhookEvent } from './fields/registry.js';

/**
 * The phone number ID and the message ID in every delivery of the Test button in the App Dashboard. Source: deliveries that users published
 * (2023 to 2025). Meta doesn't document them.
 */
const testPhoneNumberId = '123456123';
const testMessageId = 'ABGGFlA5Fpa';

/**
 * Logs that a skipped duplicate is from the Test button of the App Dashboard. Its IDs are always the same, so only the
 * first press reaches the handlers.
 */
export function reportDashboardTest({ type, key, phoneNumberId }: WebhookEvent, logger: Logger): void {
  if (phoneNumberId !== testPhoneNumberId && !key.endsWith(`/${testMessageId}`)) return;
  const consequence = 'the endpoint works: the handlers skipped a duplicate, as the Test button sends the same message ID each time';
  logger.warn('webhook.dashboard_test_repeated', { type, key, consequence });
}
