import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import { withDocumentName } from '../document-name.js';
import type { MediaReference } from '../outgoing/media.js';
import type { TemplateButton, TemplateButtonParameter, TemplateComponent, TemplateHeader, TemplateValue } from '../outgoing/template.js';
import type { TemplateDefinition } from './known-template.js';
import { shapeOf, type PartsShape } from './template-shape.js';
import type { AnyTemplateTexts, AnyTemplateValues, TemplateText } from './template-values.js';

const cardMembers = ['header', 'body', 'buttons'];
const members = [...cardMembers, 'otp', 'offerExpiresAt', 'cards'];

/**
 * Builds the components of a message from values. Doesn't compare them with the template, because `checkTemplate` and
 * the compiler do. Rejects only unknown members, because they would not be sent.
 *
 * @throws `InvalidArgumentError`
 */
export function valuesToComponents(
  definition: TemplateDefinition,
  values: AnyTemplateValues,
  language?: string,
): readonly TemplateComponent[] {
  const shape = shapeOf(definition, language);
  checkMembers('values', values, members);
  const { otp, offerExpiresAt, cards } = values;
  const isOtp = otp !== undefined;
  const parts = isOtp ? { ...values, body: [otp], buttons: undefined } : values;
  return [
    ...partsToComponents(shape, parts, 'values'),
    ...(isOtp && (shape.buttons.length > 0 || !shape.isOtp)
      ? [{ type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: otp }] } as const]
      : []),
    ...(offerExpiresAt === undefined ? [] : [offerComponent(offerExpiresAt)]),
    ...(isAbsent(cards)
      ? []
      : [
          {
            type: 'carousel' as const,
            cards: cards.map((card, index) => {
              const path = `values.cards[${String(index)}]`;
              checkMembers(path, card, cardMembers);
              return { card_index: index, components: partsToComponents(shape.cards?.[index], card, path) };
            }),
          },
        ]),
  ];
}

/** Rejects a member that would not be sent. Values can come from callers without TypeScript, for example from JSON. */
function checkMembers(path: string, values: unknown, known: readonly string[]): void {
  if (!isRecord(values)) throw new InvalidArgumentError('template', path, `must be an object with ${known.join(', ')}`);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError('template', `${path}.${unknown}`, `is unknown. Use ${known.join(', ')}`);
}

/** Values from JSON contain `null` for a missing part. */
function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function partsToComponents(
  shape: PartsShape | undefined,
  { header, body, buttons }: Pick<AnyTemplateValues, 'header' | 'body' | 'buttons'>,
  path: string,
) {
  return [
    ...(isAbsent(header) ? [] : [headerComponent(shape?.header, header, `${path}.header`)]),
    ...(isAbsent(body) ? [] : [{ type: 'body' as const, parameters: textParameters(body) }]),
    ...(buttons ?? []).flatMap((value, index) => {
      if (value === null || value === undefined) return [];
      const subType = shape?.buttons[index]?.subType;
      return [buttonComponent(value, index, subType, `${path}.buttons[${String(index)}]`)];
    }),
  ];
}

/** Converts values to Meta's shape: a list for positional variables, an object for named ones. */
export function textParameters(values: AnyTemplateTexts): readonly TemplateValue[] {
  return Array.isArray(values)
    ? // TypeScript narrows the array to any[], because the union contains a read-only record.
      (values as readonly TemplateText[]).map(textParameter)
    : Object.entries(values).map(([name, value]) => ({ ...textParameter(value), parameter_name: name }));
}

function textParameter(value: TemplateText): TemplateValue {
  return typeof value === 'object' ? value : { type: 'text', text: value };
}

/** A text header can have a variable named `image`, so only the template shows the kind of its header. */
function headerComponent(format: string | undefined, header: NonNullable<AnyTemplateValues['header']>, path: string): TemplateHeader {
  if (format !== undefined && format !== 'text' && !Array.isArray(header) && Object.keys(header).length > 1)
    throw new InvalidArgumentError('template', path, `must have only the member ${format}`);
  const file = Array.isArray(header) || format === 'text' ? undefined : fileOf(header);
  // Without a file, the value is a list or an object of texts.
  return { type: 'header', parameters: file ? [file] : textParameters(header as AnyTemplateTexts) };
}

function fileOf(header: object): TemplateHeader['parameters'][number] | undefined {
  const [entry] = Object.entries(header);
  if (!entry || !isRecord(entry[1]) || 'type' in entry[1]) return undefined;
  const [type, content] = entry as [string, object];
  // Each member of a header value has the name of its type in Meta's shape.
  return {
    type,
    [type]: type === 'document' ? withDocumentName(content as MediaReference) : content,
  } as TemplateHeader['parameters'][number];
}

function offerComponent(expiresAt: Date): TemplateComponent {
  const expiration = { expiration_time_ms: new Date(expiresAt).getTime() };
  return { type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: expiration }] };
}

type Parameters = readonly TemplateButtonParameter[];

/** Sub-type and parameters by the member of a value. */
const buttonParameters: Readonly<Record<string, (value: unknown) => readonly [subType: string, parameters: readonly unknown[]]>> = {
  urlSuffix: (text) => ['url', [{ type: 'text', text }]],
  copyCode: (code) => ['copy_code', [{ type: 'coupon_code', coupon_code: code }]],
  payload: (payload) => ['quick_reply', [{ type: 'payload', payload }]],
  flow: (action) => ['flow', [{ type: 'action', action }]],
  catalog: (action) => ['catalog', [{ type: 'action', action }]],
  products: (action) => ['mpm', [{ type: 'action', action }]],
  order: (order) => ['order_details', [{ type: 'action', action: { order_details: order } }]],
  voiceCall: (value) => [
    'voice_call',
    Object.entries(isRecord(value) ? value : {}).map(([name, content]) => ({ type: name, [name]: content })),
  ],
  parameters: (parameters) => ['', Array.isArray(parameters) ? parameters : []],
};

function buttonComponent(value: object, index: number, subType: string | undefined, path: string): TemplateButton {
  const [member = '', content] = Object.entries(value)[0] ?? [];
  const build = Object.hasOwn(buttonParameters, member) ? buttonParameters[member] : undefined;
  if (!build || Object.keys(value).length > 1) {
    throw new InvalidArgumentError('template', path, `must have one member of ${Object.keys(buttonParameters).join(', ')}`);
  }
  const [ownType, parameters] = build(content);
  // The function of the member returns Meta's shape. `checkTemplate` and Meta check its content.
  return { type: 'button', sub_type: ownType === '' ? (subType ?? '') : ownType, index, parameters: parameters as Parameters };
}
