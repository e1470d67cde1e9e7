import { isRecord } from '../../../runtime/json.js';
import { invalidParameter, refuseWithWords, type Refusal } from '../refusal.js';
import { bodyOf, bodyTextOf, buttonsOf, componentOf, variablesOf } from '../template-content.js';
import type { Answer } from '../entities.js';

/** Source: Meta, Template components (2025). */
const mostBody = 1_024;
const mostHeader = 60;
const mostFooter = 60;
const mostButtons = 10;
const mostButtonText = 25;
/** Buttons of a type in one template. Source: Meta, Template components (2025). */
const mostOfType: Readonly<Record<string, number>> = { URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, FLOW: 1 };
const mostCardBody = 160;
const mostCardButtons = 2;
const cardsOfCarousel = [2, 10] as const;
const mediaFormats: ReadonlySet<unknown> = new Set(['IMAGE', 'VIDEO', 'DOCUMENT', 'GIF']);

/** Limits of components at creation and edit. @throws `Refusal` */
export function checkComponents(components: readonly Answer[]): void {
  if (components.length === 0) throw invalidParameter('The parameter components is required.');
  const body = bodyOf(components);
  if (!body && !componentOf(components, 'CAROUSEL')) throw refuseWithWords(2388043, 'Body is missing', 'A template needs a body.');
  checkBody(body);
  checkHeader(componentOf(components, 'HEADER'));
  checkFooter(componentOf(components, 'FOOTER'));
  checkButtons(buttonsOf(components));
  checkCarousel(componentOf(components, 'CAROUSEL'));
}

function checkFooter(footer: Answer | undefined): void {
  const { text } = footer ?? {};
  if (typeof text === 'string' && text.length > mostFooter)
    throw refuseWithWords(2388040, 'Too long', `The footer has more than ${String(mostFooter)} characters.`);
  if (variablesOf(text) > 0) throw refuseWithWords(2388073, 'Variables in the footer', 'The footer of a template cannot have variables.');
}

/** Source: Meta, Media card carousel templates (2025). */
function checkCarousel(carousel: Answer | undefined): void {
  if (!carousel) return;
  const cards = Array.isArray(carousel.cards) ? carousel.cards.filter(isRecord) : [];
  const [least, most] = cardsOfCarousel;
  if (cards.length < least || cards.length > most) throw invalidParameter(`A carousel has ${String(least)} to ${String(most)} cards.`);
  for (const card of cards) {
    const parts = Array.isArray(card.components) ? card.components.filter(isRecord) : [];
    const buttons = buttonsOf(parts);
    checkHeader(componentOf(parts, 'HEADER'));
    checkButtons(buttons);
    if (buttons.length > mostCardButtons) throw invalidParameter(`A card has at most ${String(mostCardButtons)} buttons.`);
    if (bodyTextOf(parts).length > mostCardBody)
      throw refuseWithWords(2388040, 'Too long', `The body of a card has more than ${String(mostCardBody)} characters.`);
  }
}

function checkBody(body: Answer | undefined): void {
  const { text } = body ?? {};
  if (typeof text !== 'string') return;
  if (text.length > mostBody) throw refuseWithWords(2388040, 'Too long', `The body has more than ${String(mostBody)} characters.`);
  if (/^\s*\{\{|\}\}\s*$/.test(text))
    throw refuseWithWords(2388299, 'Variables at the edge', 'Variables cannot be at the start or end of the template.');
  const positions = [...text.matchAll(/\{\{\s*(\d+)\s*\}\}/g)].map(([, position]) => Number(position));
  if (positions.some((position) => position > 1 && !positions.includes(position - 1)))
    throw invalidParameter('Variables must be numbered from {{1}} without gaps.');
  if (variablesOf(text) * 3 > text.split(/\s+/).length + 2)
    throw refuseWithWords(2388293, 'Too many variables', 'The template has too many variables for its length.');
}

/** The sample of a media header is the handle of a resumable upload. An address or media ID is not. */
function checkHeader(header: Answer | undefined): void {
  if (!header) return;
  const { format, text, example } = header;
  const handles = isRecord(example) ? example.header_handle : undefined;
  const list: readonly unknown[] = Array.isArray(handles) ? handles : [handles];
  const [handle] = list;
  if (mediaFormats.has(typeof format === 'string' ? format.toUpperCase() : format)) {
    if (typeof handle !== 'string' || handle === '') throw missingField('HEADER', 'example');
    // Source: gabrieldwight/Whatsapp-Business-Cloud-Api-Net#180 (11 Sep 2025), and Meta, Resumable Upload API.
    if (!/^\d+:/.test(handle))
      throw refuseWithWords(2388273, 'Invalid sample', 'The sample of the header must be the handle of a resumable upload.');
  }
  if (typeof text === 'string' && text.length > mostHeader)
    throw refuseWithWords(2388040, 'Too long', `The header has more than ${String(mostHeader)} characters.`);
  if (variablesOf(text) > 1) throw refuseWithWords(2388047, 'Too many variables', 'The header of a template can have one variable.');
  if (variablesOf(text) > 0 && !isRecord(example)) throw missingField('HEADER', 'example');
}

function checkButtons(buttons: readonly Answer[]): void {
  if (buttons.length > mostButtons) throw invalidParameter(`A template has at most ${String(mostButtons)} buttons.`);
  const types = buttons.map(({ type }) => (typeof type === 'string' ? type.toUpperCase() : ''));
  for (const [type, most] of Object.entries(mostOfType)) {
    if (types.filter((other) => other === type).length > most)
      throw invalidParameter(`A template has at most ${String(most)} buttons of the type ${type}.`);
  }
  // Source: Meta, Template components (2025): quick replies are grouped, before or after the others.
  const kinds = types.map((type) => type === 'QUICK_REPLY').filter((kind, index, all) => kind !== all[index - 1]);
  if (kinds.length > 2) throw invalidParameter('Quick reply buttons must be grouped together.');
  for (const { type, text, url, example } of buttons) {
    if (typeof text === 'string' && text.length > mostButtonText)
      throw refuseWithWords(2388040, 'Too long', `The text of a button has more than ${String(mostButtonText)} characters.`);
    const isUrl = typeof type === 'string' && type.toUpperCase() === 'URL';
    if (isUrl && variablesOf(url) > 0 && example === undefined) throw missingField('BUTTONS', 'example');
  }
}

/** Public reports (2023 to 2026) show these words. */
function missingField(component: string, field: string): Refusal {
  const title = 'Message template "components" param is missing expected field(s)';
  return refuseWithWords(2388043, title, `component of type ${component} is missing expected field(s) (${field})`);
}
