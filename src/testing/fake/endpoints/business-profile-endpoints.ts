import { parseUrl } from '../../../runtime/parse-url.js';
import { publicUrl } from '../public-files.js';
import { invalidParameter } from '../refusal.js';
import type { Answer } from '../entities.js';
import { listOf, requireProduct, storable, success, type NumberCall, type Routes } from './call.js';
import { refuseOnApp } from './app-restrictions.js';
import { fieldsOf } from './listing.js';

const edge = 'whatsapp_business_profile';
const usual: Answer = { about: 'Hey there! I am using WhatsApp.', websites: [], vertical: 'OTHER' };
/** Most characters of each text. Source: Meta, Business profiles (5 Oct 2025). */
const most: Readonly<Record<string, number>> = { about: 139, address: 256, description: 512, email: 128 };
const mostWebsites = 2;

const known: ReadonlySet<string> = new Set([
  'about',
  'address',
  'description',
  'email',
  'vertical',
  'websites',
  'profile_picture_url',
  'account_name',
  'messaging_product',
  'id',
]);

/** `GET` and `POST /{phone-number-id}/whatsapp_business_profile`. */
export const businessProfileRoutes: Routes<NumberCall> = {
  [`GET ${edge}`]: (call) => ({ data: [describeProfile(call)] }),
  [`POST ${edge}`]: updateProfile,
};

/** The profile with the requested fields. */
export function describeProfile(call: NumberCall): Answer {
  const { number, origin } = call;
  const stored = number.stored.get(edge);
  const profile: Answer = {
    ...usual,
    account_name: number.verifiedName,
    ...stored,
    ...(stored?.has_picture === true && { profile_picture_url: publicUrl(origin, `profiles/${number.id}.jpg`, 'pps.whatsapp.net') }),
    id: `2${number.id.slice(1)}`,
  };
  const asked = fieldsOf(call).map(({ name }) => name);
  const unknown = asked.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw invalidParameter(`Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessProfile)`);
  const shown = asked.length > 0 ? asked : ['about'];
  return {
    ...Object.fromEntries(shown.flatMap((name) => (profile[name] === undefined ? [] : [[name, profile[name]]]))),
    messaging_product: 'whatsapp',
  };
}

/** Stores changes of the profile. @throws `Refusal` */
export function updateProfile(call: NumberCall): Answer {
  refuseOnApp(call, 'update-business-profile');
  requireProduct(call);
  const { profile_picture_handle: picture, ...profile } = storable(call);
  for (const [name, limit] of Object.entries(most)) {
    const text = profile[name];
    if (typeof text === 'string' && text.length > limit)
      throw invalidParameter(`Param ${name} must be at most ${String(limit)} characters long.`);
  }
  if (profile.about === '') throw invalidParameter('Param about must not be empty.');
  const websites = listOf(call, 'websites').map(String);
  if (websites.length > mostWebsites) throw invalidParameter(`Param websites must have at most ${String(mostWebsites)} items.`);
  call.number.stored.set(edge, {
    ...call.number.stored.get(edge),
    ...profile,
    // Captured (14 Oct 2024): an address without a path is stored with a slash.
    ...(profile.websites !== undefined && { websites: websites.map((website) => parseUrl(website)?.href ?? website) }),
    ...(picture !== undefined && { has_picture: true }),
  });
  return success;
}
