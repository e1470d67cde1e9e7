import { isRecord } from '../runtime/json.js';
import { withDocumentName } from '../messages/document-name.js';
import type {
  TemplateButton,
  TemplateButtonParameter,
  TemplateComponent,
  TemplateHeaderContent,
  TemplateValue,
} from '../messages/outgoing/template.js';

/**
 * The values of a body or of a text header: in the order of positional parameters, or by the name of named ones. A text is the rule; a
 * currency or a date comes in Meta's shape.
 */
export type TemplateValues = readonly (string | TemplateValue)[] | Readonly<Record<string, string | TemplateValue>>;

/** The value of one button. */
export type TemplateButtonValue =
  /** What comes back when a quick reply is tapped. */
  | { readonly quickReply: string }
  /** What the variable in the address of a URL button is filled with. */
  | { readonly url: string }
  /** The code that a copy-code button copies; at most 20 characters. */
  | { readonly copyCode: string }
  /** What a flow button hands to its flow. */
  | { readonly flow: { readonly flow_token?: string; readonly flow_action_data?: Readonly<Record<string, unknown>> } }
  /** The product whose picture a catalog button shows. */
  | { readonly catalog: { readonly thumbnail_product_retailer_id?: string } };

/** The values of a template. */
export interface TemplateContent {
  /** The value of a text header, or a file, place or product. */
  readonly header?: string | TemplateValues | TemplateHeaderContent;
  /** The values of the body. */
  readonly body?: TemplateValues;
  /** The values of the buttons in the order of the template; `null` for a button that takes none. */
  readonly buttons?: readonly (TemplateButtonValue | null)[];
  /** The one-time code of an authentication template: fills body and button. At most 15 characters. */
  readonly otp?: string;
  /** The end of a limited-time offer. */
  readonly offerExpiresAt?: Date;
  /** The cards of a carousel: as many, and with the same parts, as the template was made with. */
  readonly cards?: readonly Pick<TemplateContent, 'header' | 'body' | 'buttons'>[];
}

/**
 * Makes the components of a template of plain values, in Meta's shape: positions, types and sub-types are filled in.
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
 * await wa.messages.send({ to: '15550100987', ...template('login_code', 'en_US', templateComponents({ otp: '123456' })) });
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
    ...(body === undefined ? [] : [{ type: 'body' as const, parameters: valuesOf(body) }]),
    ...buttons.flatMap((value, index) => (value ? [buttonOf(value, index)] : [])),
  ];
}

function headerValues(header: string | TemplateValues | TemplateHeaderContent): readonly (TemplateValue | TemplateHeaderContent)[] {
  if (typeof header === 'string') return valuesOf([header]);
  if (!isHeaderContent(header)) return valuesOf(header);
  return [header.type === 'document' ? { ...header, document: withDocumentName(header.document) } : header];
}

/** A file, place or product has an object under the name in its `type`. Named values may be called so, too, but are texts. */
function isHeaderContent(header: TemplateValues | TemplateHeaderContent): header is TemplateHeaderContent {
  if (!('type' in header) || typeof header.type !== 'string') return false;
  const content: unknown = Object.entries(header).find(([name]) => name === header.type)?.[1];
  return header.type === 'text' ? content !== undefined : isRecord(content);
}

function valuesOf(values: TemplateValues): readonly TemplateValue[] {
  return Array.isArray(values)
    ? // An array narrows to any[] where the other side of the union is a read-only record.
      (values as readonly (string | TemplateValue)[]).map(valueOf)
    : Object.entries(values).map(([name, value]) => ({ ...valueOf(value), parameter_name: name }));
}

const valueOf = (value: string | TemplateValue): TemplateValue => (typeof value === 'string' ? { type: 'text', text: value } : value);

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
