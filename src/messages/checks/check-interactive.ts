import { cardRules, interactiveRules, rulesOf, textHeaderRules } from '../../policy/interactive-rules.js';
import type { InteractiveMessage } from '../outgoing/interactive.js';
import { checkOrder } from './check-order.js';
import { checkRules } from './check-rules.js';
import { Part } from './part.js';

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
  if (message.recipient_type === 'group') whole.at('type').reject('must not be interactive in a group message');
  const type = interactive.at('type').needed().value;
  const rules = rulesOf(interactiveRules, type);
  // The older form of orders has all members inside `order_details`.
  if (typeof type !== 'string' || !rules || interactive.at('order_details').isThere) return;
  const header = interactive.at('header');
  checkRules(interactive, rules, day);
  if (header.isThere) checkHeader(header, day);
  if (type === 'carousel') checkCards(interactive.at('action').at('cards').list(), day);
  if (type.startsWith('order_')) checkOrder(interactive.at('action').at('parameters'), day);
}

function checkHeader(header: Part, day: string): void {
  const type = header.at('type').needed().value;
  if (type === 'image' || type === 'video' || type === 'document') header.at(type).needed().file();
  else checkRules(header, textHeaderRules, day);
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
      checkHeader(header, day);
      checkRules(card, buttons.isThere ? cardRules.replies : cardRules.link, day);
      if (first && header.at('type').value !== first.at('header').at('type').value && first.at('header').isThere) {
        header.at('type').reject('must be the same in all cards');
      }
    }
    if (buttonsOf(card) !== buttonsOf(first)) card.reject('must have the same buttons as the first card');
  }
}

/** Returns a description of the properties that all cards must share. */
function buttonsOf(card: Part | undefined): string {
  return `${String(card?.at('type').value)} ${String(card?.at('action').at('buttons').list().length)}`;
}
