import { defineTemplate } from 'wa-coexist/templates';

/** Templates of twelve shapes. */
export const hello = defineTemplate({
  name: 'hello_world',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Hello' },
    { type: 'BODY', text: 'Welcome.' },
  ],
});

export const named = defineTemplate({
  name: 'order_shipped',
  language: 'en_US',
  category: 'UTILITY',
  parameter_format: 'NAMED',
  components: [{ type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is on its way to {{first_name}}.' }],
});

export const numbered = defineTemplate({
  name: 'order_ready',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
    { type: 'BODY', text: 'Hello {{1}}, order {{2}} costs {{3}} today.' },
  ],
});

export const image = defineTemplate({
  name: 'new_shoes',
  language: 'en_US',
  category: 'MARKETING',
  components: [
    { type: 'HEADER', format: 'IMAGE' },
    { type: 'BODY', text: 'The shoes are here.' },
    { type: 'FOOTER', text: 'Shop' },
  ],
});

export const document = defineTemplate({
  name: 'invoice',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'header', format: 'DOCUMENT' },
    { type: 'body', text: 'Your invoice {{number}} is here.' },
  ],
});

export const place = defineTemplate({
  name: 'delivery',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'LOCATION' },
    { type: 'BODY', text: 'Your order is here.' },
  ],
});

export const buttons = defineTemplate({
  name: 'spring_sale',
  language: 'en_US',
  category: 'MARKETING',
  components: [
    { type: 'BODY', text: 'The sale starts.' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Stop' },
        { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550100987' },
        { type: 'URL', text: 'Open', url: 'https://shop.example/{{1}}' },
        { type: 'COPY_CODE', example: 'SPRING20' },
        { type: 'URL', text: 'Terms', url: 'https://shop.example/terms' },
      ],
    },
  ],
});

export const flow = defineTemplate({
  name: 'survey',
  language: 'en_US',
  category: 'MARKETING',
  components: [
    { type: 'BODY', text: 'How was it?' },
    { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Start', flow_id: '1' }] },
  ],
});

export const code = defineTemplate({
  name: 'login_code',
  language: 'en_US',
  category: 'AUTHENTICATION',
  components: [
    { type: 'BODY', add_security_recommendation: true },
    { type: 'FOOTER', code_expiration_minutes: 10 },
    { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
  ],
});

export const offer = defineTemplate({
  name: 'flash_sale',
  language: 'en_US',
  category: 'MARKETING',
  components: [
    { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon', has_expiration: true } },
    { type: 'BODY', text: 'All shoes for {{price}} only.' },
    { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'FLASH' }] },
  ],
});

export const carousel = defineTemplate({
  name: 'new_arrivals',
  language: 'en_US',
  category: 'MARKETING',
  components: [
    { type: 'BODY', text: 'Hello {{1}}, look at this.' },
    {
      type: 'CAROUSEL',
      cards: [
        {
          components: [
            { type: 'HEADER', format: 'IMAGE' },
            { type: 'BODY', text: 'For {{1}} only.' },
            { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Buy', url: 'https://shop.example/{{1}}' }] },
          ],
        },
        {
          components: [
            { type: 'HEADER', format: 'IMAGE' },
            { type: 'BODY', text: 'For you.' },
            { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Buy', url: 'https://shop.example/{{1}}' }] },
          ],
        },
      ],
    },
  ],
});

export const languages = defineTemplate({
  name: 'reminder',
  language: ['en_US', 'es'],
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'See you at {{time}} today.' }],
  translations: { es: [{ type: 'BODY', text: 'Nos vemos a las {{time}} hoy.' }] },
});
