import { expect, test } from 'vitest';
import { createClient, getBusinessProfile, updateBusinessProfile, type BusinessProfile } from 'wa-coexist';
import { expectedOf, runAction, type ActionCase } from '../meta/recorder.js';

const path = '/339900112233445/whatsapp_business_profile';
const profile: BusinessProfile = { messaging_product: 'whatsapp', about: 'Open until eight', websites: ['https://example.com'] };

const cases: Record<string, ActionCase> = {
  getBusinessProfile: {
    call: (client) => getBusinessProfile(client),
    request: `GET ${path}`,
    query: { fields: 'about,address,description,email,profile_picture_url,websites,vertical' },
    answer: { data: [profile] },
    result: profile,
  },
  'getBusinessProfile in the nested form': {
    call: (client) => getBusinessProfile(client, { fields: ['about'] }),
    request: `GET ${path}`,
    query: { fields: 'about' },
    answer: { data: [{ business_profile: profile }] },
    result: profile,
  },
  'getBusinessProfile of a number without one': {
    call: (client) => getBusinessProfile(client, { fields: ['about'] }),
    request: `GET ${path}`,
    query: { fields: 'about' },
    answer: { data: [] },
    result: {},
  },
  updateBusinessProfile: {
    call: (client) =>
      updateBusinessProfile(client, { about: 'Open until nine', vertical: 'RETAIL', profile_picture_handle: '4::aW1hZ2U=' }),
    request: `POST ${path}`,
    body: { messaging_product: 'whatsapp', about: 'Open until nine', vertical: 'RETAIL', profile_picture_handle: '4::aW1hZ2U=' },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

test('a call without a number names the missing option', () => {
  expect(() => getBusinessProfile(createClient({ accessToken: 'token' }))).toThrow(/phoneNumberId/);
});
