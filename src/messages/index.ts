/**
 * Builders and types of outgoing messages. Each builder returns the content that `sendMessage` and the sender expect.
 *
 * @example
 * ```ts
 * import { createClient, sendMessage } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await sendMessage(client, { to: '+14155550123', ...text('Your order is on its way.') });
 * ```
 *
 * @module wa-coexist/messages
 */

// errors

// messages
export { text, image, video, audio, document, sticker, location, contacts, reaction, pin } from './builders.js';
export { template } from './template/template-builder.js';
export {
  buttons,
  list,
  ctaUrl,
  flow,
  carousel,
  locationRequest,
  callPermissionRequest,
  requestContactInfo,
  type FlowOptions,
  type CarouselMediaCard,
  type CarouselProductCard,
  type ReplyButton,
} from './interactive-builders.js';
export { product, productList, catalog } from './interactive/product-builders.js';
export type { InteractiveContent, FooterOption, FrameOptions, TextFrameOptions } from './interactive/message-frame.js';
export { buttonsOrList, type ButtonsOrListOptions, type ChoiceSection } from './interactive/buttons-or-list.js';
export { addressRequest, voiceCall, type AddressRequestParameters, type VoiceCallParameters } from './interactive/request-builders.js';
export {
  orderDetails,
  orderStatus,
  type OrderDetailsOptions,
  type OrderDiscount,
  type OrderFee,
  type OrderInvoice,
  type OrderItem,
  type OrderStatusName,
  type OrderUpdate,
} from './interactive/order-builders.js';
export {
  boletoPayment,
  gatewayPayment,
  linkPayment,
  pixPayment,
  upiPayment,
  type OrderPayment,
  type PixParameters,
} from './interactive/order-payments.js';
export {
  defineCallback,
  type Callback,
  type CallbackDefinition,
  type CallbackField,
  type CallbackFields,
  type CallbackValues,
  type SchemaCallbackDefinition,
} from './define-callback.js';
export {
  createOptOutKeywords,
  type OptOutKeywords,
  type OptOutKeywordsOptions,
  type OptOutLanguage,
  type OptOutWords,
} from './opt-out-keywords.js';
export type { StandardResult, StandardSchema } from '../runtime/standard-schema.js';
export { splitText, type SplitTextOptions } from './text/split-text.js';
export { markdownToWhatsApp, whatsAppToMarkdown } from './text/markdown.js';
export { flattenTemplateValue } from './text/flatten-template-value.js';
export type { MessageEnvelope } from './outgoing/envelope.js';
export type { TextHeader, MediaHeader, InteractiveBody, InteractiveFooter } from './outgoing/interactive-parts.js';
export type {
  ButtonInteractive,
  ListRow,
  ListInteractive,
  CtaUrlInteractive,
  CtaUrlAction,
  FlowInteractive,
  CatalogInteractive,
  ProductInteractive,
  ProductListInteractive,
  MediaCard,
  ProductCard,
  CarouselInteractive,
  LocationRequestInteractive,
  AddressInteractive,
  VoiceCallInteractive,
  CallPermissionInteractive,
  ContactInfoInteractive,
  InteractiveMessage,
} from './outgoing/interactive.js';
export type { MediaReference, ImageMessage, VideoMessage, AudioMessage, DocumentMessage, StickerMessage } from './outgoing/media.js';
export type { OrderAmount, OrderParameters, OrderDetails, OrderStatus } from './outgoing/order.js';
export type { AnyCoexistenceMessage, CoexistenceMessage, ContentFor, MessageFor } from './outgoing/coexistence-message.js';
export type { AnyMessage } from './outgoing/outgoing-message.js';
export type { TextMessage, LocationMessage, ContactCardToSend, ContactsMessage, ReactionMessage, PinMessage } from './outgoing/plain.js';
export type {
  TemplateValue,
  TemplateHeaderContent,
  TemplateHeader,
  TemplateBody,
  TemplateButtonParameter,
  TemplateButton,
  TemplateLimitedTimeOffer,
  TemplateCarousel,
  TemplateTapTarget,
  TemplateComponent,
  TemplateMessage,
} from './outgoing/template.js';
export type { StoredTemplateComponent, TemplateDefinition } from './template/known-template.js';
export type { TemplateArguments, TemplateValuesOf, AnyTemplateValues } from './template/template-values.js';
