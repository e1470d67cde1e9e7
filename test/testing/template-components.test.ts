import { createTemplate } from 'wa-coexist';
import { expect, test } from 'vitest';
import { openShop } from './shop.js';

type Component = Readonly<Record<string, unknown>>;
const body: Component = { type: 'BODY', text: 'Your order is ready.' };
const quickReply = { type: 'QUICK_REPLY', text: 'Yes' };
const url = { type: 'URL', text: 'Track', url: 'https://shop.example/orders' };
const buttons = (...list: readonly object[]): Component => ({ type: 'BUTTONS', buttons: list });
const card = (text: string, ...list: readonly object[]): Component => ({
  components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4:aW1hZ2U='] } }, { type: 'BODY', text }, buttons(...list)],
});

/** Creates a template without the checks of the client. */
function create(components: readonly Component[]): Promise<unknown> {
  const { client } = openShop();
  // The components include wrong ones.
  const template = { name: 'order_ready', language: 'en_US', category: 'UTILITY', components } as unknown as Parameters<
    typeof createTemplate
  >[1];
  return createTemplate(client, { ...template, lint: 'off' });
}

test.each<[string, readonly Component[], object]>([
  [
    'a gap between variables',
    [{ type: 'BODY', text: 'Order {{1}} is ready on {{3}} at noon.', example: { body_text: [['1', '2']] } }],
    { code: 100 },
  ],
  ['a variable in the footer', [body, { type: 'FOOTER', text: 'Since {{1}}' }], { subcode: 2388073 }],
  ['two variables in the header', [{ type: 'HEADER', format: 'TEXT', text: '{{1}} and {{2}}', example: {} }, body], { subcode: 2388047 }],
  ['three URL buttons', [body, buttons(url, url, url)], { code: 100 }],
  ['split quick replies', [body, buttons(quickReply, url, quickReply)], { code: 100 }],
  ['one card', [body, { type: 'CAROUSEL', cards: [card('Rye', url)] }], { code: 100 }],
  ['a long card', [body, { type: 'CAROUSEL', cards: [card('Rye', url), card('x'.repeat(161), url)] }], { subcode: 2388040 }],
  ['three buttons on a card', [body, { type: 'CAROUSEL', cards: [card('Rye', url, url, quickReply), card('Oat', url)] }], { code: 100 }],
])('the fake rejects %s in a template', async (_what, components, error) => {
  await expect(create(components)).rejects.toMatchObject(error);
});

test.each<[string, readonly Component[]]>([
  ['two URL buttons after quick replies', [body, buttons(quickReply, quickReply, url, url)]],
  ['a carousel', [body, { type: 'CAROUSEL', cards: [card('Rye', url, quickReply), card('Oat', url, quickReply)] }]],
  [
    'repeated variables',
    [{ type: 'BODY', text: 'Order {{1}} is ready: order {{1}} of {{2}} waits.', example: { body_text: [['1', '2']] } }],
  ],
])('the fake accepts %s', async (_what, components) => {
  expect(await create(components)).toMatchObject({ status: 'PENDING' });
});

test('the fake knows the industries of a profile, in any case', async () => {
  const { fake } = openShop();
  const { accessToken, phoneNumberId } = fake.cloudApiNumber();
  const post = async (vertical: string): Promise<unknown> => {
    const response = await fake.fetch(`https://graph.facebook.com/${phoneNumberId}/whatsapp_business_profile`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', vertical }),
    });
    return response.json();
  };
  expect(await post('retail')).toEqual({ success: true });
  expect(await post('BAKERY')).toMatchObject({ error: { code: 100 } });
});
