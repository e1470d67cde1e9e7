import { checkObject, checkOneOf } from '../../errors/check-options.js';
import { isRecord } from '../../runtime/json.js';
import { writeMessageId } from '../fake/message-ids.js';

/** Options of {@link createFixtures}. */
export interface FixtureOptions {
  /** Whether texts of messages are replaced. IDs and numbers inside of kept texts are replaced, too. @defaultValue `'replace'` */
  readonly texts?: 'keep' | 'replace' | undefined;
}

/**
 * Returns a function that turns recorded webhooks into fixtures: it replaces IDs, phone numbers, names, files and texts
 * with invented ones. Equal values get equal replacements, also in several webhooks, so a status still belongs to its
 * message. Types, timestamps, codes and the order of members stay.
 *
 * Read the fixtures before you commit them. Meta can add members with personal data that this function doesn't know.
 *
 * @param options - See {@link FixtureOptions}.
 * @returns A function that takes the JSON of a webhook and returns the JSON of a fixture. It doesn't change its argument.
 * @throws `InvalidArgumentError` if an option is invalid.
 *
 * @example
 * ```ts
 * import { createFixtures } from 'wa-coexist/testing';
 *
 * const toFixture = createFixtures();
 * const recorded: unknown = JSON.parse('{"object":"whatsapp_business_account","entry":[{"id":"1029384756","changes":[]}]}');
 * console.log(JSON.stringify(toFixture(recorded)));
 * ```
 */
export function createFixtures(options: FixtureOptions = {}): (webhook: unknown) => unknown {
  checkObject('createFixtures', 'options', options);
  const { texts = 'replace' } = options;
  checkOneOf('createFixtures', 'texts', texts, ['keep', 'replace']);
  const replace = createReplacements(texts);
  const walk = (value: unknown, key: string, depth: number): unknown => {
    if (depth > maxDepth) return null;
    if (typeof value === 'string') return replace(key, value);
    if (typeof value === 'number') return coordinates.get(key) ?? value;
    if (Array.isArray(value)) return value.map((item) => walk(item, key, depth + 1));
    if (!isRecord(value)) return value;
    // Own members of this object only, with the names as they are: `__proto__` is a name like any other.
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, name, depth + 1)]));
  };
  return (webhook) => walk(webhook, '', 0);
}

const maxDepth = 64;
const coordinates: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['latitude', 59.3293],
  ['longitude', 18.0686],
]);
const nameKeys: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'name',
  'formatted_name',
  'first_name',
  'last_name',
  'middle_name',
  'full_name',
  'username',
  'verified_name',
  'business_name',
  'company',
  'email',
  'street',
  'city',
  'address',
]);
const textKeys: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'body',
  'caption',
  'text',
  'filename',
  'payload',
  'response_json',
  'title',
  'description',
  'headline',
]);
const phoneKeys: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'wa_id',
  'from',
  'to',
  'recipient_id',
  'phone_number',
  'display_phone_number',
  'phone',
  'input',
]);
const hashKeys: ReadonlySet<string> = /* @__PURE__ */ new Set(['sha256', 'hash', 'ctwa_clid', 'fbtrace_id']);

/** Remembers what each value is replaced by. */
function createReplacements(texts: 'keep' | 'replace'): (key: string, value: string) => string {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const once = (kind: string, value: string, make: (count: number) => string): string => {
    const memory = `${kind}:${value}`;
    const found = known.get(memory);
    if (found !== undefined) return found;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = make(count);
    known.set(memory, made);
    return made;
  };
  const digits = (value: string, make: (count: number) => string): string => once('digits', value, make);
  const id = (value: string): string => digits(value, (count) => String(count).padStart(value.length, '1'));
  const phone = (value: string): string => {
    const own = value.replace(/\D/g, '');
    const made = digits(own, (count) => `1555010${String(count).padStart(4, '0')}`);
    return value.startsWith('+') ? `+${made}` : made;
  };
  /** Numbers and wamids inside of a longer text. */
  const inside = (value: string): string =>
    value
      .replace(/wamid\.[\w+/=-]+/g, (wamid) => wamidOf(wamid))
      .replace(/\+?\d[\d ().-]{7,}\d/g, (found) => (found.replace(/\D/g, '').length >= 9 ? phone(found) : found));
  const wamidOf = (value: string): string =>
    once('wamid', value, (count) => writeMessageId('number', '15550100987', 'customer', String(count).padStart(32, '3EB0')));
  return (key, value) => {
    if (value === '' || key === 'timestamp' || key === 'object' || key === 'field') return value;
    if (value.startsWith('wamid.')) return wamidOf(value);
    if (/^[A-Z]{2}\.(?:ENT\.)?\w{8,}$/.test(value)) return once('user', value, (count) => `US.${String(count).padStart(16, '9')}`);
    if (phoneKeys.has(key) && /\d{5}/.test(value.replace(/\D/g, ''))) return phone(value);
    if (/^\d{9,}$/.test(value)) return id(value);
    if (hashKeys.has(key)) return once('hash', value, (count) => `${String(count).padStart(43, 'A')}=`);
    if (/^https?:\/\//.test(value)) return once('url', value, (count) => `https://example.com/file-${String(count)}`);
    if (nameKeys.has(key)) return once('name', value, (count) => `Name ${String(count)}`);
    if (textKeys.has(key)) return texts === 'keep' ? inside(value) : once('text', value, (count) => `Text ${String(count)}`);
    return inside(value);
  };
}
