import { expect, test } from 'vitest';
import { template } from 'wa-coexist/messages';
import { renderTemplate } from 'wa-coexist/templates';
import { buttons, carousel, code, image, languages, numbered, offer } from '../types/template-shapes.js';

const id = '1013859600285441';

test('renderTemplate fills in the values, and inserts them unchanged', () => {
  expect(renderTemplate(numbered, { header: ['1042'], body: ['$& {{2}}', 'two', 'three'] })).toEqual({
    header: { type: 'text', text: 'Order 1042' },
    body: 'Hello $& {{2}}, order two costs three today.',
    buttons: [],
  });
});

test('renderTemplate returns files, footers and buttons', () => {
  expect(renderTemplate(image, { header: { image: { id } } })).toEqual({
    header: { type: 'image', content: { id } },
    body: 'The shoes are here.',
    footer: 'Shop',
    buttons: [],
  });
  expect(renderTemplate(buttons, { buttons: [{ payload: 'p' }, null, { urlSuffix: 'a' }, { copyCode: 'SPRING' }] }).buttons).toEqual([
    { type: 'QUICK_REPLY', text: 'Stop', payload: 'p' },
    { type: 'PHONE_NUMBER', text: 'Call', phoneNumber: '+15550100987' },
    { type: 'URL', text: 'Open', url: 'https://shop.example/a' },
    { type: 'COPY_CODE', text: 'Copy offer code', code: 'SPRING' },
    { type: 'URL', text: 'Terms', url: 'https://shop.example/terms' },
  ]);
});

test('renderTemplate returns translations, cards, offers and one-time passwords', () => {
  expect(renderTemplate(languages, { body: { time: '9:00' } }, { language: 'es' }).body).toBe('Nos vemos a las 9:00 hoy.');
  const cards = [
    { header: { image: { id } }, body: ['you'], buttons: [{ urlSuffix: '1' }] },
    { header: { image: { id } }, buttons: [{ urlSuffix: '2' }] },
  ] as const;
  expect(renderTemplate(carousel, { body: ['Ana'], cards }).cards).toMatchObject([
    { body: 'For you only.', buttons: [{ url: 'https://shop.example/1' }] },
    { body: 'For you.' },
  ]);
  const expiresAt = new Date('2026-12-01T00:00:00Z');
  expect(renderTemplate(offer, { body: { price: '9' }, buttons: [{ copyCode: 'A' }], offerExpiresAt: expiresAt }).offer).toEqual({
    text: 'Ends soon',
    expiresAt,
  });
  expect(renderTemplate(code, { otp: '123456' }).buttons).toEqual([{ type: 'OTP', text: 'Copy code', code: '123456' }]);
});

test('renderTemplate accepts the components of a sent message, and leaves missing variables in the text', () => {
  const { components = [] } = template(numbered, { header: ['1'], body: ['a', 'b', 'c'] }).template;
  expect(renderTemplate(numbered, components).body).toBe('Hello a, order b costs c today.');
  expect(renderTemplate(numbered, []).body).toBe('Hello {{1}}, order {{2}} costs {{3}} today.');
});

test('renderTemplate finds the values of a card by its index', () => {
  const text = (content: string) => [{ type: 'body', parameters: [{ type: 'text', text: content }] }] as const;
  const cards = [
    { card_index: 1, components: [] },
    { card_index: 0, components: text('you') },
  ];
  expect(renderTemplate(carousel, [{ type: 'carousel', cards }]).cards).toMatchObject([{ body: 'For you only.' }, { body: 'For you.' }]);
});
