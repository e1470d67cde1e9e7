import { isRecord } from '../../../runtime/json.js';
import { invalidParameter, refuseWithWords, type Refusal } from '../refusal.js';
import { bodyOf, buttonsOf, componentOf, variablesOf } from '../template-content.js';
import type { Answer } from '../entities.js';

/** Source: Meta, Template components (2025). */
const mostBody = 1_024;
const mostHeader = 60;
const mostFooter = 60;
const mostButtons = 10;
const mostButtonText = 25;
const mediaFormats: ReadonlySet<unknown> = new Set(['IMAGE', 'VIDEO', 'DOCUMENT', 'GIF']);

/** Limits of components at creation and edit. @throws `Refusal` */
export function checkComponents(components: readonly Answer[]): void {
  if (components.length === 0) throw invalidParameter('The parameter components is required.');
  const body = bodyOf(components);
  if (!body && !componentOf(components, 'CAROUSEL')) throw refuseWithWords(2388043, 'Body is missing', 'A template needs a body.');
  checkBody(body);
  checkHeader(componentOf(components, 'HEADER'));
  const footer = componentOf(components, 'FOOTER')?.text;
  if (typeof footer === 'string' && footer.length > mostFooter)
    throw refuseWithWords(2388040, 'Too long', `The footer has more than ${String(mostFooter)} characters.`);
  checkButtons(buttonsOf(components));
  const cards = componentOf(components, 'CAROUSEL')?.cards;
  for (const card of Array.isArray(cards) ? cards.filter(isRecord) : []) {
    const parts = Array.isArray(card.components) ? card.components.filter(isRecord) : [];
    checkHeader(componentOf(parts, 'HEADER'));
    checkButtons(buttonsOf(parts));
  }
}

function checkBody(body: Answer | undefined): void {
  const { text } = body ?? {};
  if (typeof text !== 'string') return;
  if (text.length > mostBody) throw refuseWithWords(2388040, 'Too long', `The body has more than ${String(mostBody)} characters.`);
  if (/^\s*\{\{|\}\}\s*$/.test(text))
    throw refuseWithWords(2388299, 'Variables at the edge', 'Variables cannot be at the start or end of the template.');
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
  if (variablesOf(text) > 0 && !isRecord(example)) throw missingField('HEADER', 'example');
}

function checkButtons(buttons: readonly Answer[]): void {
  if (buttons.length > mostButtons) throw invalidParameter(`A template has at most ${String(mostButtons)} buttons.`);
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
