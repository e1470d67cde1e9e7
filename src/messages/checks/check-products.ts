import type { Part } from './part.js';

/**
 * Checks the sections of a message with products: at most 10 sections, titles of at most 24 characters, at most 30
 * products in total.
 */
export function checkProductSections(list: Part): void {
  const sections = list.items(1, 10);
  const products = sections.flatMap((section) => {
    if (sections.length > 1) section.at('title').needed();
    section.at('title').atMost(24);
    return section.at('product_items').items(1, 30);
  });
  if (products.length > 30) list.refuse(`have ${String(products.length)} products in total, but Meta allows 30`, 30);
  for (const product of products) product.at('product_retailer_id').needed();
}
