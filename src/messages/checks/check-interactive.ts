import type { InteractiveMessage } from '../outgoing/interactive.js';
import { checkAction } from './check-action.js';
import { Part } from './part.js';

/** Maximum number of characters of a text header and its second line, and of a footer. */
const headerLimit = 60;
const footerLimit = 60;

/** Allowed parts of a message apart from the action. */
interface Frame {
  /**
   * `none`: no header is allowed. `needed`: a text header is required.
   * @defaultValue any header
   */
  readonly header?: 'none' | 'text' | 'needed';
  /**
   * Maximum number of characters of the body.
   * @defaultValue 1,024
   */
  readonly bodyLimit?: number;
  readonly isBodyOptional?: true;
  readonly hasNoFooter?: true;
}

/** Allowed parts by kind. Source: Meta, the page of each interactive message (Nov and Dec 2025). */
const frames: Readonly<Record<string, Frame>> = {
  button: {},
  list: { header: 'text', bodyLimit: 4096 },
  cta_url: {},
  flow: {},
  location_request_message: {},
  address_message: {},
  catalog_message: {},
  product: { header: 'none', isBodyOptional: true },
  product_list: { header: 'needed' },
  carousel: { header: 'none', hasNoFooter: true },
  voice_call: {},
  call_permission_request: { header: 'none', isBodyOptional: true },
  request_contact_info: {},
};

/**
 * Checks an interactive message: header, body and footer by kind, then the action.
 *
 * @throws `InvalidMessageError`
 */
export function checkInteractive(message: InteractiveMessage): void {
  const whole = new Part(message);
  const interactive = whole.at('interactive');
  if (message.recipient_type === 'group') whole.at('type').refuse('must not be interactive in a group message');
  const type = interactive.at('type').needed().value;
  // Accept unlisted kinds: orders and payments differ by market, and Meta adds kinds.
  if (typeof type !== 'string' || !Object.hasOwn(frames, type)) return;
  const { header, bodyLimit = 1024, isBodyOptional, hasNoFooter } = frames[type] ?? {};
  if (header === 'none') interactive.at('header').notAllowed(`is not allowed in ${type}`);
  if (header === 'needed') interactive.at('header').needed();
  if (interactive.at('header').isThere) checkHeader(interactive.at('header'), header === undefined);
  const body = interactive.at('body');
  if (!isBodyOptional || body.isThere) body.at('text').needed().atMost(bodyLimit);
  const footer = interactive.at('footer');
  if (hasNoFooter) footer.notAllowed(`is not allowed in ${type}`);
  if (footer.isThere) footer.at('text').needed().atMost(footerLimit);
  checkAction(type, interactive.at('action'));
}

function checkHeader(header: Part, takesMedia: boolean): void {
  const type = header.at('type').needed();
  if (type.value === 'image' || type.value === 'video' || type.value === 'document') {
    if (!takesMedia) type.refuse(`is ${type.value}, but only a text header is allowed`);
    header.at(type.value).needed().file();
  } else {
    header.at('text').needed().atMost(headerLimit);
    header.at('sub_text').atMost(headerLimit);
  }
}
