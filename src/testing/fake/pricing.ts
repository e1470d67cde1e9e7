import { isWindowOpen } from './limits.js';
import type { BusinessNumber, Pricing, Template, World } from './world.js';

/**
 * What a message costs by Meta's pricing page of 11 Sep 2026: free-form messages nothing, templates by category, utility templates nothing while
 * the service window is open. The charge for service messages that is reported from 1 Oct 2026 is not in it.
 */
export function pricingOf(
  world: World,
  number: BusinessNumber,
  customerWaId: string,
  template: Template | undefined,
  product: 'cloud-api' | 'marketing-messages-api',
): Pricing {
  const category = template ? categoryOf(template, product) : 'service';
  const isFree = category === 'service' || (category === 'utility' && isWindowOpen(world, number, customerWaId));
  return { billable: !isFree, pricing_model: 'PMP', type: isFree ? 'free_customer_service' : 'regular', category };
}

function categoryOf({ category }: Template, product: 'cloud-api' | 'marketing-messages-api'): Pricing['category'] {
  if (category === 'MARKETING') return product === 'marketing-messages-api' ? 'marketing_lite' : 'marketing';
  return category === 'AUTHENTICATION' ? 'authentication' : 'utility';
}
