import { isWindowOpen } from './limits.js';
import type { BusinessNumber, Template, World } from './world.js';

/** The `pricing` object of statuses: per message since 1 Jul 2025. */
export interface Pricing {
  readonly billable: boolean;
  readonly pricing_model: 'PMP';
  readonly type: 'regular' | 'free_customer_service';
  readonly category: 'marketing' | 'utility' | 'authentication' | 'service';
}

/**
 * What a message costs by Meta's pricing page of 11 Sep 2026: free-form messages nothing, templates by category, utility templates nothing while
 * the service window is open. The charge for service messages that is reported from 1 Oct 2026 is not in it.
 */
export function pricingOf(world: World, number: BusinessNumber, customerWaId: string, template: Template | undefined): Pricing {
  const category = template ? categories[template.category] : 'service';
  const isFree = category === 'service' || (category === 'utility' && isWindowOpen(world, number, customerWaId));
  return { billable: !isFree, pricing_model: 'PMP', type: isFree ? 'free_customer_service' : 'regular', category };
}

const categories = { MARKETING: 'marketing', UTILITY: 'utility', AUTHENTICATION: 'authentication' } as const;
