import { invalidParameter } from '../refusal.js';
import type { Answer } from '../world.js';
import { requireProduct, storable, success, type NumberCall, type Routes } from './call.js';
import { refuseOnApp } from './coexistence.js';

const edge = 'whatsapp_business_profile';
const usual: Answer = { about: 'Hey there! I am using WhatsApp.', websites: [], vertical: 'OTHER' };
/** Most characters of each text. Source: Meta, Business profiles (5 Oct 2025). */
const most: Readonly<Record<string, number>> = { about: 139, address: 256, description: 512, email: 128 };

/** `GET` and `POST /{phone-number-id}/whatsapp_business_profile`. */
export const businessProfileRoutes: Routes<NumberCall> = {
  [`GET ${edge}`]({ number, fields }) {
    const profile: Answer = { ...usual, ...number.stored.get(edge) };
    const asked = typeof fields.fields === 'string' ? fields.fields.split(',') : ['about'];
    const shown = Object.entries(profile).filter(([name]) => asked.includes(name));
    return { data: [{ ...Object.fromEntries(shown), messaging_product: 'whatsapp' }] };
  },
  [`POST ${edge}`](call) {
    refuseOnApp(call, 'update-business-profile');
    requireProduct(call);
    const { profile_picture_handle: picture, ...profile } = storable(call);
    for (const [name, limit] of Object.entries(most)) {
      const text = profile[name];
      if (typeof text === 'string' && text.length > limit)
        throw invalidParameter(`Param ${name} must be at most ${String(limit)} characters long.`);
    }
    if (profile.about === '') throw invalidParameter('Param about must not be empty.');
    if (Array.isArray(profile.websites) && profile.websites.length > 2) throw invalidParameter('Param websites must have at most 2 items.');
    const url = picture === undefined ? {} : { profile_picture_url: `https://pps.whatsapp.net/${call.number.id}.jpg` };
    call.number.stored.set(edge, { ...call.number.stored.get(edge), ...profile, ...url });
    return success;
  },
};
