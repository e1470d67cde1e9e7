import type { PolicyRule } from './rule.js';
import { announcedOn, changelog, seasalt } from './sources.js';

/**
 * Whether numbers of a country can be onboarded. `unknown`: the territory has its own numbers within the numbering plan
 * of a listed country, but isn't part of that country. No source documents how Meta treats it.
 */
export type CountrySupport = boolean | 'unknown';

/**
 * Member states of the EU in the whole period. Regions with the country code of their state (Azores, Canary Islands, …)
 * are included.
 */
const europeanUnion = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE';

/**
 * Territories of the EU with their own ISO code and numbers: Åland (Finland), and the French territories Guadeloupe,
 * Martinique, French Guiana, Réunion, Mayotte, and Saint-Martin. Saint-Barthélemy left the EU in 2012. Greenland, the
 * Faroes, Aruba, New Caledonia and other overseas countries with their own numbers aren't part of it.
 */
const territoriesOfTheUnion = 'AX GP MQ GF RE YT MF';

/** The other EEA countries. Switzerland isn't part of the EU or the EEA. */
const restOfTheArea = 'IS LI NO';

/**
 * Territories that the 2025 list doesn't name, and whose numbers can't be distinguished from those of a listed country:
 * mobile numbers of Svalbard are Norwegian, those of the Vatican Italian, those of Christmas and Cocos Islands
 * Australian, and those of Saint-Barthélemy belong to Guadeloupe. They are treated like their numbering plan.
 */
const inTheSamePlan = 'SJ VA CX CC BL';

/** Territories with their own ranges in the British numbering plan, outside the United Kingdom and the EU. */
const crownDependencies = 'GG JE IM';

/** The other countries in the list of September 2025, without those of Africa. */
const namedAlone = 'GB AU JP PH RU KR TR';

const list = `${seasalt}: unsupported are UK, EU, EEA, Australia, Japan, Nigeria, Philippines, Russia, South Korea, South Africa, Turkey`;
const opened = changelog('23 Oct 2025');

/**
 * Returns the rules of a country, oldest first.
 *
 * @param country - The two-letter code (ISO 3166).
 */
export function countryRules(country: string): readonly PolicyRule<CountrySupport>[] {
  const before: PolicyRule<CountrySupport> = {
    value: false,
    until: announcedOn,
    source: changelog('11 Feb 2025'),
    note: "Coexistence didn't exist yet.",
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
    const note = "In the British numbering plan, but not part of the United Kingdom. Meta doesn't document how it treats these numbers.";
    return since('2025-10-23', { value: 'unknown', source: list, note }, opened);
  }
  if (has(inTheSamePlan)) {
    const note = 'Inferred: its numbers belong to the numbering plan of a country that Meta lists.';
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
      note: "No source lists it as unsupported. Since 15 Apr 2026 no country is, and Meta's page of 26 Jun 2026 no longer has such a list.",
    },
  ];
}
