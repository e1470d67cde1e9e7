import type { CatalogInteractive, ProductInteractive, ProductListInteractive } from '../outgoing/interactive.js';
import { footerOf, textHeader, type FooterOption, type InteractiveContent } from './message-frame.js';

/**
 * Builds the content of a message with one product of the catalog, in Meta's shape. See {@link productList} for several
 * products.
 *
 * @param catalogId - ID of the catalog.
 * @param productRetailerId - Retailer ID of the product.
 * @param options - Body and footer.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { product } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...product('1013859600285441', 'shoe-42', { body: 'Back in stock' }) });
 * ```
 */
export function product(
  catalogId: string,
  productRetailerId: string,
  options: FooterOption & { readonly body?: string } = {},
): InteractiveContent<ProductInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'product',
      ...(options.body !== undefined && { body: { text: options.body } }),
      ...footerOf(options.footer),
      action: { catalog_id: catalogId, product_retailer_id: productRetailerId },
    },
  };
}

/**
 * Builds the content of a message with several products of the catalog, in Meta's shape: at most 30 products in at most
 * ten sections. See {@link product} for one product.
 *
 * @param header - Text of the header, at most 60 characters. It is required.
 * @param body - Text of the message, at most 1,024 characters.
 * @param catalogId - ID of the catalog.
 * @param sections - Retailer IDs of the products by the title of their section (at most 24 characters).
 * @param options - Footer.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { productList } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const spring = productList('Spring', 'What we have new', '1013859600285441', {
 *   Shoes: ['shoe-41', 'shoe-42'],
 *   Hats: ['hat-1'],
 * });
 * await wa.messages.send({ to: '15550100987', ...spring });
 * ```
 */
export function productList(
  header: string,
  body: string,
  catalogId: string,
  sections: Readonly<Record<string, readonly string[]>>,
  options: FooterOption = {},
): InteractiveContent<ProductListInteractive> {
  return {
    type: 'interactive',
    interactive: {
      type: 'product_list',
      ...textHeader(header),
      body: { text: body },
      ...footerOf(options.footer),
      action: {
        catalog_id: catalogId,
        sections: Object.entries(sections).map(([title, products]) => ({
          title,
          product_items: products.map((id) => ({ product_retailer_id: id })),
        })),
      },
    },
  };
}

/**
 * Builds the content of a message with a button that opens the whole catalog, in Meta's shape. See
 * {@link CatalogInteractive}.
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param options - Footer, and the product whose picture is shown.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { catalog } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...catalog('All that we sell', { thumbnail: 'shoe-42' }) });
 * ```
 */
export function catalog(
  body: string,
  options: FooterOption & {
    /**
     * Retailer ID of the product whose picture is shown.
     * @defaultValue the first product of the catalog
     */
    readonly thumbnail?: string;
  } = {},
): InteractiveContent<CatalogInteractive> {
  const { thumbnail, footer } = options;
  return {
    type: 'interactive',
    interactive: {
      type: 'catalog_message',
      body: { text: body },
      ...footerOf(footer),
      action: {
        name: 'catalog_message',
        ...(thumbnail !== undefined && { parameters: { thumbnail_product_retailer_id: thumbnail } }),
      },
    },
  };
}
