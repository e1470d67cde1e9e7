import { checkProductSections } from './check-products.js';
import { checkUnique, type Part } from './part.js';

/** Checks the action of an interactive message. Limits: Meta, the page of each kind (Nov and Dec 2025). */
export function checkAction(type: string, action: Part): void {
  switch (type) {
    case 'button': {
      const replies = action
        .at('buttons')
        .items(1, 3)
        .map((button) => button.at('reply'));
      for (const reply of replies) {
        reply.at('id').needed().atMost(256);
        reply.at('title').needed().atMost(20);
      }
      checkUnique(replies.map((reply) => reply.at('id')));
      checkUnique(replies.map((reply) => reply.at('title')));
      return;
    }
    case 'list':
      checkList(action);
      return;
    case 'cta_url':
      checkLink(action);
      return;
    case 'flow': {
      action.at('name').oneOf('flow');
      const parameters = action.at('parameters');
      parameters.at('flow_message_version').needed();
      parameters.exactlyOne('flow_id', 'flow_name');
      parameters.at('flow_cta').needed().atMost(30);
      return;
    }
    case 'product':
      action.at('catalog_id').needed();
      action.at('product_retailer_id').needed();
      return;
    case 'product_list':
      action.at('catalog_id').needed();
      checkProductSections(action.at('sections'));
      return;
    case 'carousel':
      checkCards(action.at('cards'));
      return;
    case 'location_request_message':
      action.at('name').oneOf('send_location');
      return;
    case 'address_message':
      action.at('name').oneOf('address_message');
      action.at('parameters').at('country').needed();
      return;
    case 'voice_call': {
      action.at('name').oneOf('voice_call');
      const parameters = action.at('parameters');
      parameters.at('display_text').atMost(20);
      parameters.at('ttl_minutes').whole(1, 43_200);
      parameters.at('payload').atMost(512);
      return;
    }
    default:
      // catalog_message, call_permission_request and request_contact_info contain only their own name.
      action.at('name').oneOf(type);
  }
}

function checkLink(action: Part): void {
  action.at('name').oneOf('cta_url');
  action.at('parameters').at('display_text').needed().atMost(20);
  action.at('parameters').at('url').needed();
}

function checkList(action: Part): void {
  action.at('button').needed().atMost(20);
  const sections = action.at('sections').items(1, 10);
  const rows = sections.flatMap((section) => {
    if (sections.length > 1) section.at('title').needed();
    section.at('title').atMost(24);
    return section.at('rows').items(1, 10);
  });
  if (rows.length > 10) action.at('sections').refuse(`have ${String(rows.length)} rows in total, but Meta allows 10`, 10);
  for (const row of rows) {
    row.at('id').needed().atMost(200);
    row.at('title').needed().atMost(24);
    row.at('description').atMost(72);
  }
  checkUnique(rows.map((row) => row.at('id')));
}

function checkCards(list: Part): void {
  const cards = list.items(2, 10);
  for (const card of cards) {
    card.at('card_index').needed().whole(0, 9);
    if (card.at('type').value === 'product') {
      card.at('action').at('catalog_id').needed();
      card.at('action').at('product_retailer_id').needed();
    } else {
      checkMediaCard(card);
    }
    if (buttonsOf(card) !== buttonsOf(cards[0])) card.refuse('must have the same number and kind of buttons as the first card');
  }
  checkUnique(cards.map((card) => card.at('card_index')));
  checkUnique(cards.flatMap((card) => quickRepliesOf(card).map((reply) => reply.at('id'))));
}

function checkMediaCard(card: Part): void {
  const header = card.at('header');
  header
    .at(String(header.at('type').oneOf('image', 'video').value))
    .needed()
    .file();
  const text = card.at('body').at('text').atMost(160);
  if (typeof text.value === 'string' && text.value.split('\n').length > 3) text.refuse('has more than 2 line breaks', 2);
  const action = card.at('action').needed();
  if (!action.at('buttons').isThere) {
    checkLink(action);
    return;
  }
  for (const button of action.at('buttons').items(1, 2)) {
    button.at('type').oneOf('quick_reply');
    button.at('quick_reply').at('id').needed().atMost(256);
    button.at('quick_reply').at('title').needed().atMost(20);
  }
}

function quickRepliesOf(card: Part): readonly Part[] {
  return card
    .at('action')
    .at('buttons')
    .list()
    .map((button) => button.at('quick_reply'));
}

/** Describes the properties that all cards must share. */
function buttonsOf(card: Part | undefined): string | undefined {
  const buttons = card?.at('action').at('buttons').list() ?? [];
  return `${String(card?.at('type').value === 'product')} ${String(buttons.length)}`;
}
