import type { MediaReference } from '../outgoing/media.js';
import type { TemplateButtonParameter, TemplateComponent, TemplateHeaderContent, TemplateValue } from '../outgoing/template.js';
import type { TemplateDefinition } from './known-template.js';

/** Value of a variable: a text, or a currency or date in Meta's shape. */
export type TemplateText = string | TemplateValue;

/** Values of the variables of a text, if the compiler doesn't know them: by name, or in order. */
export type AnyTemplateTexts = readonly TemplateText[] | Readonly<Record<string, TemplateText>>;

/** File, location or product of a header. */
export type TemplateHeaderValue =
  | { readonly image: MediaReference }
  | { readonly video: MediaReference }
  | { readonly gif: MediaReference }
  | { readonly document: MediaReference & { readonly filename?: string } }
  | { readonly location: Extract<TemplateHeaderContent, { type: 'location' }>['location'] }
  | { readonly product: Extract<TemplateHeaderContent, { type: 'product' }>['product'] };

type ButtonAction = Extract<TemplateButtonParameter, { type: 'action' }>['action'];

/** Value of a URL button: the text that replaces the variable at the end of its URL. */
export interface UrlButtonValue {
  readonly urlSuffix: string;
}

/** Code that a copy-code button copies, at most 20 characters. */
export interface CopyCodeButtonValue {
  readonly copyCode: string;
}

/** Payload that a quick reply returns. Without it, Meta returns the label. */
export interface QuickReplyButtonValue {
  readonly payload: string;
}

/** Token and data that a flow button passes to its flow. Pass `{ flow: {} }` for none. */
export interface FlowButtonValue {
  readonly flow: Pick<ButtonAction, 'flow_token' | 'flow_action_data'>;
}

/** Product whose picture a catalog button shows. */
export interface CatalogButtonValue {
  readonly catalog: Pick<ButtonAction, 'thumbnail_product_retailer_id'>;
}

/** Products of a multi-product button: at most 30 in 10 sections. */
export interface ProductsButtonValue {
  readonly products: Pick<ButtonAction, 'thumbnail_product_retailer_id'> & Required<Pick<ButtonAction, 'sections'>>;
}

/** Minutes for which a customer can call, and the payload of the call. */
export interface VoiceCallButtonValue {
  readonly voiceCall: { readonly ttl_minutes?: number; readonly payload?: string };
}

/** Order of an order button, in Meta's shape. */
export interface OrderButtonValue {
  readonly order: Readonly<Record<string, unknown>>;
}

/** Parameters of a button that the library doesn't know, in Meta's shape. */
export interface OtherButtonValue {
  readonly parameters: readonly TemplateButtonParameter[];
}

/** Value of one button, by the type of the button. */
export type AnyTemplateButtonValue =
  | UrlButtonValue
  | CopyCodeButtonValue
  | QuickReplyButtonValue
  | FlowButtonValue
  | CatalogButtonValue
  | ProductsButtonValue
  | VoiceCallButtonValue
  | OrderButtonValue
  | OtherButtonValue;

/** Values of a card, if the compiler doesn't know the template. */
export interface AnyTemplateCardValues {
  readonly header?: TemplateHeaderValue | undefined;
  readonly body?: AnyTemplateTexts | undefined;
  readonly buttons?: readonly (AnyTemplateButtonValue | null | undefined)[] | undefined;
}

/** Values of a template that the compiler doesn't know, for example one from `listTemplates`. */
export interface AnyTemplateValues extends Omit<AnyTemplateCardValues, 'header'> {
  readonly header?: TemplateHeaderValue | AnyTemplateTexts | undefined;
  /** One-time password of an authentication template. It fills the body and the button. At most 15 characters. */
  readonly otp?: string | undefined;
  /** Expiration of a limited-time offer. */
  readonly offerExpiresAt?: Date | undefined;
  readonly cards?: readonly AnyTemplateCardValues[] | undefined;
}

/** Flattens an intersection. Compiler errors then show one object, because an inferred type has no alias. */
type Flat<Type> = Type extends infer Parts ? { readonly [Key in keyof Parts]: Parts[Key] } : never;

type AnyCase<Word extends string> = Word | Lowercase<Word>;

// Variables of texts

type VariableNames<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}` ? Trim<Name> | VariableNames<Rest> : never;

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `${infer Rest} ` ? Trim<Rest> : Text;

/** A tuple with one value for each numbered variable. */
type Positional<
  Names extends string,
  Values extends readonly TemplateText[] = [],
> = `${[...Values, TemplateText]['length'] & number}` extends Names ? Positional<Names, [...Values, TemplateText]> : Readonly<Values>;

type TextsFor<Names extends string> = [Names] extends [never]
  ? never
  : [Names] extends [`${number}`]
    ? Positional<Names>
    : { readonly [Name in Names]: TemplateText };

/** Values of a text: a tuple, an object, or `never` for a text without variables. */
type TextValues<Text extends string> = string extends Text ? AnyTemplateTexts : TextsFor<VariableNames<Text>>;

// Parts of a template

type ComponentOf<Components, Type extends string> = Extract<Components, { readonly type: AnyCase<Type> }>;

interface HeaderValues {
  readonly IMAGE: { readonly image: MediaReference };
  readonly VIDEO: { readonly video: MediaReference };
  readonly GIF: { readonly gif: MediaReference };
  readonly DOCUMENT: { readonly document: MediaReference & { readonly filename?: string } };
  readonly LOCATION: { readonly location: Extract<TemplateHeaderContent, { type: 'location' }>['location'] };
  readonly PRODUCT: { readonly product: Extract<TemplateHeaderContent, { type: 'product' }>['product'] };
}

type HeaderValueOf<Header> = Header extends { readonly format: AnyCase<'TEXT'>; readonly text: infer Text extends string }
  ? TextValues<Text>
  : Header extends { readonly format: infer Format extends string }
    ? Uppercase<Format> extends keyof HeaderValues
      ? HeaderValues[Uppercase<Format>]
      : TemplateHeaderValue
    : never;

type BodyValueOf<Body> = Body extends { readonly text: infer Text extends string } ? TextValues<Text> : never;

/** Values of buttons by their type. A value with `null` is optional. */
interface ButtonValues {
  readonly COPY_CODE: CopyCodeButtonValue;
  readonly QUICK_REPLY: QuickReplyButtonValue | null;
  readonly FLOW: FlowButtonValue;
  readonly CATALOG: CatalogButtonValue | null;
  readonly MPM: ProductsButtonValue;
  readonly VOICE_CALL: VoiceCallButtonValue | null;
  readonly ORDER_DETAILS: OrderButtonValue;
  readonly PHONE_NUMBER: null;
  readonly SPM: null;
  readonly OTP: null;
  readonly REQUEST_CONTACT_INFO: null;
}

type ButtonValueOf<Button> = Button extends { readonly type: infer Type extends string }
  ? Uppercase<Type> extends 'URL'
    ? Button extends { readonly url: `${string}{{${string}` }
      ? UrlButtonValue
      : null
    : Uppercase<Type> extends keyof ButtonValues
      ? ButtonValues[Uppercase<Type>]
      : OtherButtonValue | null
  : null;

type EachButton<Buttons extends readonly unknown[]> = { readonly [Index in keyof Buttons]: ButtonValueOf<Buttons[Index]> };

/** One element for each button. Optional values at the end can be omitted. */
type ButtonTuple<Buttons extends readonly unknown[], Optional extends readonly unknown[] = []> = Buttons extends readonly [
  ...infer Rest,
  infer Last,
]
  ? null extends ButtonValueOf<Last>
    ? ButtonTuple<Rest, [ButtonValueOf<Last>?, ...Optional]>
    : readonly [...EachButton<Buttons>, ...Optional]
  : Readonly<Optional>;

type ButtonsOf<Components> =
  ComponentOf<Components, 'BUTTONS'> extends { readonly buttons: infer Buttons extends readonly unknown[] } ? Buttons : readonly [];

/** `never` if no button has a value. */
type ButtonsValueOf<Components> = ButtonValueOf<ButtonsOf<Components>[number]> extends null ? never : ButtonTuple<ButtonsOf<Components>>;

type Part<Key extends string, Value, Absent extends string> = [Value] extends [never]
  ? { readonly [Name in Key]?: Absent | undefined }
  : [] extends Value
    ? { readonly [Name in Key]?: Value | undefined }
    : { readonly [Name in Key]: Value };

type PartsOf<Components> = Part<
  'header',
  HeaderValueOf<ComponentOf<Components, 'HEADER'>>,
  'The header of this template has no variable and no file.'
> &
  Part<'body', BodyValueOf<ComponentOf<Components, 'BODY'>>, 'The body of this template has no variables.'> &
  Part<'buttons', ButtonsValueOf<Components>, 'No button of this template has a value.'>;

type CardValues<Card> = Card extends { readonly components: infer Components extends readonly unknown[] }
  ? Flat<PartsOf<Components[number]>>
  : never;

type CardsOf<Carousel> = Carousel extends { readonly cards: infer Cards extends readonly unknown[] }
  ? { readonly [Index in keyof Cards]: CardValues<Cards[Index]> }
  : never;

type OfferPart<Offer> = [Offer] extends [never]
  ? { readonly offerExpiresAt?: 'This template has no limited-time offer.' | undefined }
  : Offer extends { readonly limited_time_offer: { readonly has_expiration: true } }
    ? { readonly offerExpiresAt: Date }
    : { readonly offerExpiresAt?: Date | undefined };

interface OtpValues {
  /** One-time password. It fills the body and the button. At most 15 characters. */
  readonly otp: string;
  readonly header?: 'Authentication templates have no header.' | undefined;
  readonly body?: 'Pass otp. It fills the body and the button.' | undefined;
  readonly buttons?: 'Pass otp. It fills the body and the button.' | undefined;
  readonly cards?: 'Authentication templates have no carousel.' | undefined;
  readonly offerExpiresAt?: 'Authentication templates have no offer.' | undefined;
}

type ContentValues<Components> = Flat<
  PartsOf<Components> &
    OfferPart<ComponentOf<Components, 'LIMITED_TIME_OFFER'>> &
    Part<'cards', CardsOf<ComponentOf<Components, 'CAROUSEL'>>, 'This template has no carousel.'> & {
      readonly otp?: 'Only authentication templates have a one-time password.' | undefined;
    }
>;

/**
 * Values that a template needs. The type has one member for each part with variables, files or buttons. A template that
 * the compiler doesn't know has {@link AnyTemplateValues}.
 */
export type TemplateValuesOf<Definition> = Definition extends {
  readonly components: infer Components extends readonly [unknown, ...unknown[]];
}
  ? Definition extends { readonly category: AnyCase<'AUTHENTICATION'> }
    ? OtpValues
    : ContentValues<Components[number]>
  : AnyTemplateValues;

/** Languages of a template. */
export type TemplateLanguageOf<Definition> = Definition extends { readonly language: infer Language }
  ? Language extends readonly string[]
    ? Language[number]
    : Language & string
  : string;

/** Arguments after a definition: values if the template needs any, and the language if it has several. */
type DefinitionArguments<Definition> = Definition extends { readonly language: readonly string[] }
  ? readonly [values: OptionalIfEmpty<TemplateValuesOf<Definition>>, options: { readonly language: TemplateLanguageOf<Definition> }]
  : object extends TemplateValuesOf<Definition>
    ? readonly [values?: TemplateValuesOf<Definition>, options?: { readonly language?: TemplateLanguageOf<Definition> | undefined }]
    : readonly [values: TemplateValuesOf<Definition>, options?: { readonly language?: TemplateLanguageOf<Definition> | undefined }];

type OptionalIfEmpty<Values> = object extends Values ? Values | undefined : Values;

/** Arguments of `template` after the first one. */
export type TemplateArguments<Definition extends string | TemplateDefinition> = Definition extends string
  ? readonly [language: string, components?: readonly TemplateComponent[] | undefined]
  : DefinitionArguments<Definition>;
