import { describe, expect, test } from 'vitest';
import { checkFeature, coexistencePolicy, type CoexistenceFeature } from 'wa-coexist/coexistence';
import { checkEligibility } from 'wa-coexist/eligibility';

/**
 * Common claims about coexistence on 13 September 2025, with the response of the policy for a day before the claim
 * changed and for a day after. If nothing changed, both days have the same response. `today` is the day of the last
 * sources that were read.
 */
const told = '2025-09-13';
const today = '2026-11-22';

const limit = (name: Parameters<ReturnType<typeof coexistencePolicy>['limitRule']>[0]) => (asOf: string) =>
  coexistencePolicy({ asOf }).limits[name];
const term = (name: Parameters<ReturnType<typeof coexistencePolicy>['termRule']>[0]) => (asOf: string) =>
  coexistencePolicy({ asOf }).terms[name];
const feature = (name: CoexistenceFeature) => (asOf: string) => {
  const { inApp, throughApi, mirrored } = checkFeature(name, { asOf });
  return [inApp, throughApi ? 'through the API' : 'not through the API', mirrored ? 'mirrored' : 'not mirrored'].join(', ');
};
const country = (number: string) => (asOf: string) => checkEligibility(number, { asOf }).eligible;

type Case = readonly [claim: string, ask: (asOf: string) => unknown, ...answers: (readonly [asOf: string, answer: unknown])[]];

const appOnly = 'unchanged, not through the API, not mirrored';
const off = 'disabled, not through the API, not mirrored';

const claims: readonly Case[] = [
  [
    '1 app and API on one number',
    feature('one-number-for-app-and-api'),
    ['2025-02-10', 'unavailable, not through the API, not mirrored'],
    ['2025-02-11', 'unchanged, through the API, mirrored'],
    [today, 'unchanged, through the API, mirrored'],
  ],
  ['2 history of 180 days', limit('historyDays'), [told, 180], [today, 180]],
  [
    '2 contacts are synced',
    feature('contacts'),
    [told, 'unchanged, not through the API, mirrored'],
    [today, 'unchanged, not through the API, mirrored'],
  ],
  ['3 sync within 24 hours', limit('syncWindowHours'), [told, 24], [today, 24]],
  ['3 each sync once', limit('syncsPerOnboarding'), [told, 1], [today, 1]],
  ['4 media of 14 days', limit('historyMediaDays'), [told, 14], [today, 14]],
  ['5 onboarding by QR code', term('onboardingProof'), [told, 'code-or-qr-code'], [today, 'code-or-qr-code']],
  ['6 groups stay in the app', feature('group-chats'), [told, appOnly], [today, appOnly]],
  [
    '6 no Groups API',
    feature('groups-api'),
    [told, 'unavailable, not through the API, not mirrored'],
    [today, 'unavailable, not through the API, not mirrored'],
  ],
  ['7 messages of the app are free', term('appMessages'), [told, 'free'], [today, 'free']],
  [
    '8 pricing by conversation',
    term('pricingModel'),
    ['2025-06-30', 'per-conversation'],
    ['2025-07-01', 'per-message'],
    [told, 'per-message'],
  ],
  ['8 service messages', term('serviceMessages'), ['2026-09-30', 'free'], ['2026-10-01', 'charged']],
  ['9 open the app every 13 days', limit('heartbeatOverdueDays'), [told, 13], ['2026-04-02', 13], ['2026-04-03', 14], [today, 14]],
  ['9 companions', limit('companionInactivityDays'), [today, 30]],
  [
    '10 the link may be cut, with a reason',
    (asOf) => coexistencePolicy({ asOf }).terms.disconnectionReasons.length,
    [told, 0],
    ['2026-04-02', 0],
    ['2026-04-03', 3],
    ['2026-04-19', 3],
    ['2026-04-20', 6],
  ],
  [
    '11 20 messages a second, as low as 5',
    (asOf) => {
      const { value, alternatives = [] } = coexistencePolicy({ asOf }).limitRule('throughput');
      return [value, ...alternatives.map((alternative) => alternative.value)];
    },
    [told, [20, 5]],
    ['2025-11-20', [20, 5]],
    ['2025-11-21', [20]],
    [today, [20]],
  ],
  ['12 hundreds a second on the API alone', limit('standardThroughput'), [told, 80], [today, 80]],
  ['12 after the upgrade', limit('upgradedThroughput'), [told, 1_000], [today, 1_000]],
  [
    '13 companions are unlinked and linked again',
    feature('companion-devices'),
    [told, 'relink, not through the API, mirrored'],
    [today, 'relink, not through the API, mirrored'],
  ],
  ['13 at most four', limit('companionDevices'), [told, 4], [today, 4]],
  ['13 Windows and WearOS', (asOf) => checkFeature('windows-and-wearos-companions', { asOf }).allowed, [told, false], [today, false]],
  ['14 calls in the app only', feature('voice-and-video-calls'), [told, appOnly], [today, appOnly]],
  ['14 no Calling API', (asOf) => checkFeature('calling-api', { asOf }).allowed, [told, false], [today, false]],
  [
    '15 broadcast lists read-only',
    feature('broadcast-lists'),
    [told, 'read-only, not through the API, not mirrored'],
    [today, 'read-only, not through the API, not mirrored'],
  ],
  ['15 are not allowed', (asOf) => checkFeature('broadcast-lists', { asOf }).allowed, [told, false], [today, false]],
  ['16 disappearing messages off', feature('disappearing-messages'), [told, off], [today, off]],
  ['16 view-once off', feature('view-once'), [told, off], [today, off]],
  ['16 live location off', feature('live-location'), [told, off], [today, off]],
  [
    '17 no editing or deleting in the app',
    feature('edit-and-delete'),
    [told, off],
    ['2025-11-24', off],
    ['2025-11-25', 'unchanged, not through the API, mirrored'],
    [today, 'unchanged, not through the API, mirrored'],
  ],
  [
    '17 of customers',
    feature('customer-edit-and-delete'),
    ['2025-11-24', appOnly],
    ['2025-11-25', 'unchanged, not through the API, mirrored'],
  ],
  [
    '18 no MM Lite API',
    (asOf) => checkFeature('marketing-messages-api', { asOf }).allowed,
    [told, false],
    ['2025-09-28', false],
    ['2025-09-29', true],
    [today, true],
  ],
  ...(
    [
      ['the UK', '+442071234567'],
      ['Germany (EU)', '+4930123456'],
      ['Norway (EEA)', '+4721234567'],
      ['Iceland (EEA)', '+3545551234'],
      ['Australia', '+61412345678'],
      ['Japan', '+81312345678'],
      ['the Philippines', '+639171234567'],
      ['Russia', '+79161234567'],
      ['South Korea', '+821012345678'],
      ['Turkey', '+905331234567'],
    ] as const
  ).map(([name, number]): Case => [
    `19 ${name}`,
    country(number),
    [told, false],
    ['2025-10-22', false],
    ['2025-10-23', true],
    [today, true],
  ]),
  [
    '19 Nigeria',
    country('+2348021234567'),
    [told, false],
    ['2025-10-23', false],
    ['2026-04-14', false],
    ['2026-04-15', true],
    [today, true],
  ],
  ['19 South Africa', country('+27821234567'), [told, false], ['2025-10-23', false], ['2026-04-14', false], ['2026-04-15', true]],
  ['19 India', country('+919876543210'), ['2025-05-04', false], ['2025-05-05', true], [told, true], [today, true]],
  ['19 the United States', country('+12125550123'), ['2025-02-10', false], ['2025-02-11', true], [told, true], [today, true]],
  [
    '20 why features are off',
    (asOf) =>
      coexistencePolicy({ asOf })
        .termRule('restrictionsBecause')
        .alternatives?.map(({ source }) => source),
    [told, ['Seasalt.ai (13 Sep 2025), unverified']],
    [today, ['Seasalt.ai (13 Sep 2025), unverified']],
  ],
  ['21 version of the app', term('minimumAppVersion'), [told, '2.24.17'], [today, '2.24.17']],
  ['22 campaigns are templates', term('massMessaging'), [told, 'templates'], [today, 'templates']],
  ['22 which the API sends', (asOf) => checkFeature('templates', { asOf }).throughApi, [told, true], [today, true]],
];

describe.each(claims.map(([claim, ask, ...answers]) => ({ claim, ask, answers })))('claim $claim', ({ ask, answers }) => {
  test.each(answers)('on %s: %j', (asOf, answer) => {
    expect(ask(asOf)).toEqual(answer);
  });
});

test('each of the 22 claims has a test', () => {
  const numbers = new Set(claims.map(([claim]) => Number.parseInt(claim, 10)));
  expect([...numbers].sort((one, other) => one - other)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
});
