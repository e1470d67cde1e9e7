import { expect, test } from 'vitest';
import { getCommerceSettings, updateCommerceSettings } from 'wa-coexist';
import { expectedOf, runAction, type ActionCase } from '../meta/recorder.js';

const path = '/339900112233445/whatsapp_commerce_settings';
const settings = { id: '527759822865714', is_cart_enabled: true, is_catalog_visible: false };

const cases: Record<string, ActionCase> = {
  getCommerceSettings: {
    call: (client) => getCommerceSettings(client),
    request: `GET ${path}`,
    answer: { data: [settings] },
    result: settings,
  },
  'getCommerceSettings before any were set': {
    call: (client) => getCommerceSettings(client),
    request: `GET ${path}`,
    answer: { data: [] },
    result: {},
  },
  'updateCommerceSettings, one of them off': {
    call: (client) => updateCommerceSettings(client, { is_cart_enabled: false }),
    request: `POST ${path}`,
    query: { is_cart_enabled: 'false' },
  },
  'updateCommerceSettings, both': {
    call: (client) => updateCommerceSettings(client, { is_cart_enabled: true, is_catalog_visible: true }),
    request: `POST ${path}`,
    query: { is_cart_enabled: 'true', is_catalog_visible: 'true' },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});
