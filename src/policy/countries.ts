import type { PolicyRule } from './rule.js';
import { announcedOn, changelog, seasalt } from './sources.js';

/**
 * Whether numbers of a country can be onboarded. `unknown`: for a territory that has numbers of its own within the plan of a country that is
 * named, without being part of it; nobody writes how Meta treats it.
 */
export type CountrySupport = boolean | 'unknown';

/** Member states of the EU, all of this time. Regions that use the country code of their state (Azores, Canary Islands, …) come with it. */
const europeanUnion = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE';

/**
 * Territories with an ISO code of their own, and numbers, that are part of the EU: Åland (Finland), and of France Guadeloupe, Martinique,
 * French Guiana, Réunion, Mayotte, and Saint-Martin. Saint-Barthélemy left it in 2012, and Greenland, the Faroes, Aruba, New Caledonia and
 * other overseas countries with numbers of their own are not in it.
 */
const territoriesOfTheUnion = 'AX GP MQ GF RE YT MF';

/** With the EU they make the EEA. Switzerland is in neither. */
const restOfTheArea = 'IS LI NO';

/**
 * Not part of what the list of 2025 names, but without numbers that could be told from it: mobiles of Svalbard are Norwegian, of the Vatican
 * Italian, of Christmas and Cocos Islands Australian, of Saint-Barthélemy those of Guadeloupe. Taken to go with their plan.
 */
const inTheSamePlan = 'SJ VA CX CC BL';

/** In the British plan with ranges of their own, but neither in the United Kingdom nor in the EU. */
const crownDependencies = 'GG JE IM';

/** The countries that the list of September 2025 names beside EU and EEA, without those of Africa. */
const namedAlone = 'GB AU JP PH RU KR TR';

const list = `${seasalt}: unsupported are UK, EU, EEA, Australia, Japan, Nigeria, Philippines, Russia, South Korea, South Africa, Turkey`;
const opened = changelog('23 Oct 2025');

/** The history of a country by its two letters (ISO 3166), oldest first. */
export function countryRules(country: string): readonly PolicyRule<CountrySupport>[] {
  const before: PolicyRule<CountrySupport> = {
    value: false,
    until: announcedOn,
    source: changelog('11 Feb 2025'),
    note: 'Coexistence was not there yet.',
  };
  const since = (
    date: string,
    closed: Omit<PolicyRule<CountrySupport>, 'since' | 'until'>,
    source: string,
  ): readonly PolicyRule<CountrySupport>[] => [
    before,
    { ...closed, since: announcedOn, until: date },
    { value: true, since: date, source },
  ];
  const has = (codes: string): boolean => codes.split(' ').includes(country);
  if (country === 'IN') return since('2025-05-05', { value: false, source: changelog('5 May 2025') }, changelog('5 May 2025'));
  if (has('NG ZA')) {
    const note = "Still named on Meta's page of 4 Feb and 20 Mar 2026.";
    return since('2026-04-15', { value: false, source: list, note }, changelog('15 Apr 2026'));
  }
  if (has(crownDependencies)) {
    const note = 'In the British numbering plan, but not part of the United Kingdom; nobody writes how Meta treats it.';
    return since('2025-10-23', { value: 'unknown', source: list, note }, opened);
  }
  if (has(inTheSamePlan)) {
    const note = 'Inferred: its numbers belong to the plan of a country that is named.';
    return since('2025-10-23', { value: false, source: list, note }, opened);
  }
  if (has(namedAlone)) return since('2025-10-23', { value: false, source: list }, opened);
  if (has(`${europeanUnion} ${territoriesOfTheUnion}`)) {
    return since('2025-10-23', { value: false, source: list, note: 'Part of the European Union.' }, opened);
  }
  if (has(restOfTheArea)) {
    return since('2025-10-23', { value: false, source: list, note: 'Part of the European Economic Area.' }, opened);
  }
  return [
    before,
    {
      value: true,
      since: announcedOn,
      source: `${changelog('11 Feb 2025')}; ${seasalt}`,
      note: "No source names it as unsupported. Since 15 Apr 2026 none is, and Meta's page of 26 Jun 2026 has no such list any more.",
    },
  ];
}
