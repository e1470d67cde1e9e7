import { cardLineBreaks, cardRules, interactiveRules, textHeaderKinds, textHeaderRules } from '../../policy/interactive-rules.js';
import { valueOn } from '../../policy/message-rules.js';
import type { InteractiveMessage } from '../outgoing/interactive.js';
import { checkOrder } from './check-order.js';
import { checkRules } from './check-rules.js';
import { checkUnique, Part } from './part.js';

/**
 * Checks an interactive message against the rules of its kind.
 *
 * @param message - The message.
 * @param day - The day of the rules, as an ISO date.
 * @throws `InvalidMessageError`
 */
export function checkInteractive(message: InteractiveMessage, day: string): void {
  const whole = new Part(message);
  const interactive = whole.at('interactive');
  if (message.recipient_type === 'group') whole.at('type').refuse('must not be interactive in a group message');
  const type = interactive.at('type').needed().value;
  // Accept unlisted kinds, because Meta adds some.
  const rules = typeof type === 'string' && Object.hasOwn(interactiveRules, type) ? interactiveRules[type] : undefined;
  // The older form of orders has all members inside `order_details`.
  if (typeof type !== 'string' || !rules || interactive.at('order_details').isThere) return;
  const header = interactive.at('header');
  checkRules(interactive, rules, day);
  if (header.isThere) checkHeader(header, type, day);
  if (type === 'carousel') checkCards(interactive.at('action').at('cards').list(), day);
  if (type.startsWith('order_')) checkOrder(interactive.at('action').at('parameters'), day);
}

function checkHeader(header: Part, kind: string, day: string): void {
  const type = header.at('type').needed();
  if (type.value === 'image' || type.value === 'video' || type.value === 'document') {
    if (textHeaderKinds.includes(kind)) type.refuse(`is ${type.value}, but only a text header is allowed`);
    header.at(type.value).needed().file();
  } else {
    checkRules(header, textHeaderRules, day);
  }
}

function checkCards(cards: readonly Part[], day: string): void {
  const [first] = cards;
  for (const card of cards) {
    const buttons = card.at('action').at('buttons');
    if (card.at('type').value === 'product') {
      checkRules(card, cardRules.product, day);
    } else {
      checkRules(card, cardRules.media, day);
      const header = card.at('header');
      header
        .at(String(header.at('type').value))
        .needed()
        .file();
      const text = card.at('body').at('text');
      const lineBreaks = valueOn(cardLineBreaks, day);
      if (text.text().split(/\r\n?|\n/).length - 1 > lineBreaks) {
        text.refuse(`has more than ${String(lineBreaks)} line breaks`, lineBreaks);
      }
      checkRules(card, buttons.isThere ? cardRules.replies : cardRules.link, day);
      if (first && header.at('type').value !== first.at('header').at('type').value && first.at('header').isThere) {
        header.at('type').refuse('must be the same as in the first card, because all cards have images or all have videos');
      }
    }
    if (buttonsOf(card) !== buttonsOf(first)) card.refuse('must have the same number and kind of buttons as the first card');
  }
  checkUnique(
    cards.flatMap((card) =>
      card
        .at('action')
        .at('buttons')
        .list()
        .map((button) => button.at('quick_reply').at('id')),
    ),
  );
}

/** Describes the properties that all cards must share. */
function buttonsOf(card: Part | undefined): string | undefined {
  const buttons = card?.at('action').at('buttons').list() ?? [];
  return `${String(card?.at('type').value === 'product')} ${String(buttons.length)}`;
}
