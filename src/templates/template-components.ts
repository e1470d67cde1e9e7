import { isRecord } from '../runtime/json.js';
import { withDocumentName } from '../messages/document-name.js';
import { textParameters } from '../messages/template/values-to-components.js';
import type {
  TemplateButton,
  TemplateButtonParameter,
  TemplateComponent,
  TemplateHeaderContent,
  TemplateValue,
} from '../messages/outgoing/template.js';

/**
 * Values of a body or a text header, either in the order of positional parameters or by the name of named ones. Pass
 * texts as strings, and currencies and dates in Meta's shape.
 */
export type TemplateValues = readonly (string | TemplateValue)[] | Readonly<Record<string, string | TemplateValue>>;

/** Value of one button. */
export type TemplateButtonValue =
  /** Payload that a quick reply returns. */
  | { readonly quickReply: string }
  /** Value of the variable in the URL of a URL button. */
  | { readonly url: string }
  /** Code of a copy-code button, at most 20 characters. */
  | { readonly copyCode: string }
  /** Data that a flow button passes to its flow. */
  | { readonly flow: { readonly flow_token?: string; readonly flow_action_data?: Readonly<Record<string, unknown>> } }
  /** Product whose picture a catalog button shows. */
  | { readonly catalog: { readonly thumbnail_product_retailer_id?: string } };

/** Values of a template message. See {@link templateComponents}. */
export interface TemplateContent {
  /** Value of a text header, or a file, location or product. */
  readonly header?: string | TemplateValues | TemplateHeaderContent;
  /** Values of the body. */
  readonly body?: TemplateValues;
  /** Values of the buttons in the order of the template. Use `null` for a button without a value. */
  readonly buttons?: readonly (TemplateButtonValue | null)[];
  /** One-time code of an authentication template. It fills the body and the button. At most 15 characters. */
  readonly otp?: string;
  /** Expiration of a limited-time offer. */
  readonly offerExpiresAt?: Date;
  /** Cards of a carousel. Number and parts must match the template. */
  readonly cards?: readonly Pick<TemplateContent, 'header' | 'body' | 'buttons'>[];
}

/**
 * Builds the components of a template message from plain values, in Meta's shape. It fills in positions, types and
 * sub-types.
 *
 * @param content - Values of header, body, buttons and cards. See {@link TemplateContent}.
 * @returns The components for `template` of `wa-coexist/messages`. See {@link TemplateComponent}.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 * import { templateComponents } from 'wa-coexist/templates';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const offer = templateComponents({
 *   header: { type: 'image', image: { id: '1013859600285441' } },
 *   body: { first_name: 'Ann', discount: '20 %' },
 *   buttons: [{ url: 'spring' }, null, { copyCode: 'SPRING20' }],
 *   offerExpiresAt: new Date('2026-05-01T00:00:00Z'),
 * });
 * await wa.messages.send({ to: '15550100987', ...template('spring_sale', 'en_US', offer) });
 * await wa.messages.send({
 *   to: '15550100987',
 *   ...template('login_code', 'en_US', templateComponents({ otp: '123456' })),
 * });
 * ```
 */
export function templateComponents(content: TemplateContent): readonly TemplateComponent[] {
  const { offerExpiresAt, otp, cards } = content;
  return [
    ...partsOf(otp === undefined ? content : { ...content, body: [otp], buttons: [{ url: otp }] }),
    ...(offerExpiresAt
      ? [
          {
            type: 'limited_time_offer' as const,
            parameters: [{ type: 'limited_time_offer' as const, limited_time_offer: { expiration_time_ms: offerExpiresAt.getTime() } }],
          },
        ]
      : []),
    ...(cards
      ? [{ type: 'carousel' as const, cards: cards.map((card, index) => ({ card_index: index, components: partsOf(card) })) }]
      : []),
  ];
}

function partsOf({ header, body, buttons = [] }: Pick<TemplateContent, 'header' | 'body' | 'buttons'>) {
  return [
    ...(header === undefined ? [] : [{ type: 'header' as const, parameters: headerValues(header) }]),
    ...(body === undefined ? [] : [{ type: 'body' as const, parameters: textParameters(body) }]),
    ...buttons.flatMap((value, index) => (value ? [buttonOf(value, index)] : [])),
  ];
}

function headerValues(header: string | TemplateValues | TemplateHeaderContent): readonly (TemplateValue | TemplateHeaderContent)[] {
  if (typeof header === 'string') return textParameters([header]);
  if (!isHeaderContent(header)) return textParameters(header);
  return [header.type === 'document' ? { ...header, document: withDocumentName(header.document) } : header];
}

/**
 * Whether a header is a file, location or product: it has an object under the name in its `type`. Named values can have
 * the same name, but they are strings.
 */
function isHeaderContent(header: TemplateValues | TemplateHeaderContent): header is TemplateHeaderContent {
  if (!('type' in header) || typeof header.type !== 'string') return false;
  const content: unknown = Object.entries(header).find(([name]) => name === header.type)?.[1];
  return header.type === 'text' ? content !== undefined : isRecord(content);
}

function buttonOf(value: TemplateButtonValue, index: number): TemplateButton {
  const [subType, parameter] = parameterOf(value);
  return { type: 'button', sub_type: subType, index, parameters: [parameter] };
}

function parameterOf(value: TemplateButtonValue): readonly [subType: string, parameter: TemplateButtonParameter] {
  if ('quickReply' in value) return ['quick_reply', { type: 'payload', payload: value.quickReply }];
  if ('url' in value) return ['url', { type: 'text', text: value.url }];
  if ('copyCode' in value) return ['copy_code', { type: 'coupon_code', coupon_code: value.copyCode }];
  if ('flow' in value) return ['flow', { type: 'action', action: value.flow }];
  return ['catalog', { type: 'action', action: value.catalog }];
}
