import { describe, expect, test } from 'vitest';
import { type OutgoingMessage } from 'wa-coexist';
import { checkFeature, checkMessage, coexistencePolicy, restrictions, type CheckMessageOptions } from 'wa-coexist/coexistence';
import { buttons, callPermissionRequest, template, text } from 'wa-coexist/messages';

const to = '15550100987';
const recipient = 'US.13491208655302741918';
const today = '2026-11-22';
const voiceCall = { type: 'voice_call', body: { text: 'Call us' }, action: { name: 'voice_call' } } as const;
const withButton = (sub_type: string): OutgoingMessage => ({
  to,
  type: 'template',
  template: { name: 'offer', language: { code: 'en_US' }, components: [{ type: 'button', sub_type, index: 0 }] },
});
const login: OutgoingMessage = { recipient, ...template('login', 'en_US') };

describe("the parts of a message that aren't possible", () => {
  test.each<[string, OutgoingMessage, CheckMessageOptions, readonly string[]]>([
    ['a text', { to, ...text('Hello') }, {}, []],
    ['buttons', { to, ...buttons('Yes or no?', [{ id: '1', title: 'Yes' }]) }, {}, []],
    ['a template', { to, ...template('spring', 'en_US') }, {}, []],
    ['a call button', { to, type: 'interactive', interactive: voiceCall }, {}, ['interactive.type: calling-api']],
    ['a request to call', { to, ...callPermissionRequest() }, {}, ['interactive.type: calling-api']],
    ['a template with a call button', withButton('VOICE_CALL'), {}, ['template.components[0].sub_type: calling-api']],
    ['a template with a link', withButton('url'), {}, []],
    ['a text to a group', { to: 'group', recipient_type: 'group', ...text('Hello') }, {}, ['recipient_type: groups-api']],
    ['a pin', { to, type: 'pin', pin: { type: 'pin', message_id: 'wamid.1', expiration_days: 1 } }, {}, ['type: groups-api']],
    [
      'a template that names a group',
      {
        to,
        type: 'template',
        template: {
          name: 'join',
          language: { code: 'en_US' },
          components: [{ type: 'body', parameters: [{ type: 'group_id', group_id: '1' }] }],
        },
      },
      {},
      ['template.components[0].parameters: groups-api'],
    ],
    [
      'a carousel with a call button',
      {
        to,
        type: 'template',
        template: {
          name: 'tour',
          language: { code: 'en_US' },
          components: [
            { type: 'carousel', cards: [{ card_index: 0, components: [{ type: 'button', sub_type: 'voice_call', index: 0 }] }] },
          ],
        },
      },
      {},
      ['template.components[0].cards[0].components[0].sub_type: calling-api'],
    ],
    ['a text to a user id', { recipient, ...text('Hello') }, {}, []],
    ['the same before July 2026', { recipient, ...text('Hello') }, { asOf: '2026-06-30' }, ['recipient: sending-to-user-ids']],
    ['a phone number wins', { to, recipient, ...text('Hello') }, { asOf: '2026-06-30' }, []],
    ['a one-time code to a user id', login, { templateCategory: 'AUTHENTICATION' }, ['recipient: authentication-to-user-ids']],
    ['the same to a number', { to, ...template('login', 'en_US') }, { templateCategory: 'AUTHENTICATION' }, []],
    ['another template to a user id', login, { templateCategory: 'utility' }, []],
  ])('%s', (_name, message, options, found) => {
    const answer = checkMessage(message, { asOf: today, ...options });
    expect(answer.map(({ field, feature }) => `${field}: ${feature}`)).toEqual(found);
    for (const { rule } of answer) expect(rule.source).toMatch(/20\d\d/);
  });

  test('a policy of the caller takes precedence over the date', () => {
    const policy = coexistencePolicy({
      overrides: { features: { 'calling-api': { inApp: 'unavailable', throughApi: true, mirrored: false } } },
    });
    expect(checkMessage({ to, type: 'interactive', interactive: voiceCall }, { policy, asOf: '2025-01-01' })).toEqual([]);
  });

  test('callers without types get a result, too', () => {
    for (const message of [{ type: 'interactive' }, { type: 'template' }, { type: 'template', template: { components: [null, {}] } }, {}]) {
      expect(checkMessage(message as unknown as OutgoingMessage)).toEqual([]);
    }
  });
});

test('a feature is allowed if the app or the API supports it', () => {
  expect(checkFeature('group-chats', { asOf: today })).toMatchObject({
    allowed: true,
    inApp: 'unchanged',
    throughApi: false,
    mirrored: false,
  });
  expect(checkFeature('templates', { asOf: today })).toMatchObject({ allowed: true, inApp: 'unavailable', throughApi: true });
  expect(checkFeature('broadcast-lists', { asOf: today })).toMatchObject({ allowed: false, inApp: 'read-only' });
  expect(checkFeature('edit-and-delete', { asOf: today }).rule).toMatchObject({ since: '2025-11-25' });
});

test('the table has a row for each feature, with title, source and dates', () => {
  const rows = restrictions({ asOf: today });
  expect(rows.length).toBeGreaterThanOrEqual(35);
  expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
  for (const row of rows) {
    const { rule, ...check } = checkFeature(row.feature, { asOf: today });
    expect(row).toMatchObject({ ...check, source: rule.source, since: rule.since });
  }
  const before = restrictions({ asOf: '2025-09-13' }).filter(({ allowed }) => !allowed);
  expect(before.map(({ feature }) => feature)).toEqual(expect.arrayContaining(['edit-and-delete', 'marketing-messages-api', 'view-once']));
});
