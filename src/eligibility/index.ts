/**
 * Checks whether a phone number can use Coexistence, by its country. Requires the optional peer dependency
 * `libphonenumber-js`. No other entry of the package loads it.
 *
 * @module wa-coexist/eligibility
 */
export { checkEligibility, type CheckEligibilityOptions, type Eligibility } from './check-eligibility.js';
export { countriesOf } from './countries-of.js';
