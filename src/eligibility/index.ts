/**
 * Whether a number can be onboarded, by its country. Needs the optional peer `libphonenumber-js`, which nothing else of the package loads.
 *
 * @module wa-coexist/eligibility
 */
export { checkEligibility, type CheckEligibilityOptions, type Eligibility } from './check-eligibility.js';
export { countriesOf } from './countries-of.js';
