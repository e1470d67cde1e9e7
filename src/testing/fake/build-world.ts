import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeNumber, FakeNumberOptions, FakeTemplateOptions } from './fake-cloud-api.js';
import { digitsOf } from './digits.js';
import type { BusinessNumber, Template, Waba } from './entities.js';
import type { World } from './world.js';

const plainThroughput = 80;

/** Adds a number, and its WABA if it is new. */
export function addNumber(world: World, options: FakeNumberOptions, isOnBizApp: boolean): BusinessNumber {
  const waId = digitsOf(options.displayPhoneNumber ?? world.ids.businessNumber());
  if (waId === '') throw new InvalidArgumentError('createFakeCloudApi', 'displayPhoneNumber', 'must contain digits');
  const waba = wabaOf(world, options);
  const number: BusinessNumber = {
    id: options.phoneNumberId ?? world.ids.graphId(),
    wabaId: waba.id,
    waId,
    displayPhoneNumber: displayNumber(waId),
    verifiedName: options.verifiedName ?? 'Harbor Bakery',
    newDisplayName: undefined,
    throughput: options.throughput ?? (isOnBizApp ? world.policy.limits.throughput : plainThroughput),
    isOnBizApp,
    isOfficial: options.officialBusinessAccount ?? false,
    api: 'unlinked',
    registered: true,
    verified: true,
    pin: undefined,
    registrationsAtMs: [],
    override: undefined,
    onboardedAtMs: world.now(),
    onboardings: 0,
    syncsRequested: new Set(),
    sharesHistory: true,
    historySync: {},
    contacts: new Map(),
    companions: [],
    lastUsedAtMs: world.now(),
    chats: new Map(),
    lastInboundAtMs: new Map(),
    acceptedAtMs: [],
    pairUsedUntilMs: new Map(),
    stored: new Map(),
    qrCodes: new Map(),
    blocked: new Set(),
    username: undefined,
  };
  world.numbers.set(number.id, number);
  return number;
}

/** The ids of a number as the fake shows them. */
export function idsOf(world: World, number: BusinessNumber): FakeNumber {
  return {
    businessId: world.wabas.get(number.wabaId)?.businessId ?? '',
    wabaId: number.wabaId,
    phoneNumberId: number.id,
    displayPhoneNumber: number.displayPhoneNumber,
    verifiedName: number.verifiedName,
    waId: number.waId,
  };
}

/** Adds a template, or replaces the one of the same name and language. */
export function addTemplate(world: World, wabaId: string, options: FakeTemplateOptions): string {
  const waba = world.wabas.get(wabaId);
  if (!waba) throw new InvalidArgumentError('fake.addTemplate', 'wabaId', `names no WABA of this fake: ${wabaId}`);
  const { name, language = 'en_US', category = 'UTILITY', status = 'APPROVED', body = 'Hello from the shop.' } = options;
  const { components = [{ type: 'BODY', text: body }] } = options;
  const replaced = [...waba.templates.values()].find((known) => known.name === name && known.language === language);
  const parameterFormat = /\{\{\s*[a-z_]/.test(JSON.stringify(components)) ? 'NAMED' : 'POSITIONAL';
  return makeTemplate(world, waba, { ...(replaced && { id: replaced.id }), name, language, category, status, components, parameterFormat })
    .id;
}

/** Puts a template into a WABA; what is not said is as it is for a new one. */
export function makeTemplate(
  world: World,
  waba: Waba,
  given: Pick<Template, 'name' | 'language' | 'category' | 'components' | 'parameterFormat'> &
    Partial<Pick<Template, 'id' | 'status' | 'more'>>,
): Template {
  const { name, language, category, components, parameterFormat } = given;
  const template: Template = {
    id: given.id ?? world.ids.graphId(),
    wabaId: waba.id,
    name,
    language,
    category,
    previousCategory: undefined,
    status: given.status ?? 'PENDING',
    components,
    parameterFormat,
    rejectedReason: 'NONE',
    quality: 'UNKNOWN',
    more: given.more ?? {},
    updatedAtMs: world.now(),
    editsAtMs: [],
    pauses: 0,
  };
  waba.templates.set(template.id, template);
  world.changed('template', template.id);
  return template;
}

function wabaOf(world: World, options: FakeNumberOptions): Waba {
  const { wabaId, businessId, verifiedName = 'Harbor Bakery', timeZone, hasPaymentMethod = true } = options;
  const known = wabaId === undefined ? undefined : world.wabas.get(wabaId);
  if (known) return known;
  const waba: Waba = {
    id: wabaId ?? world.ids.graphId(),
    businessId: businessId ?? world.ids.graphId(),
    name: verifiedName,
    subscribedAppIds: new Set(),
    override: undefined,
    templates: new Map(),
    templateCreationsAtMs: [],
    settings: {},
    assignedUsers: new Map(),
    callsAtMs: [],
    ...(timeZone !== undefined && { timeZone }),
    ...(!hasPaymentMethod && { lacksPaymentMethod: true }),
  };
  world.wabas.set(waba.id, waba);
  addTemplate(world, waba.id, {
    name: 'hello_world',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      { type: 'BODY', text: 'Welcome and congratulations!! This message demonstrates your ability to send.' },
      { type: 'FOOTER', text: 'WhatsApp Business API Team' },
    ],
  });
  return waba;
}

/** The number as Meta shows it to people, from any format. */
function displayNumber(number: string): string {
  const digits = digitsOf(number);
  const northAmerican = /^(1)(\d{3})(\d{3})(\d{4})$/.exec(digits);
  return northAmerican ? `+${northAmerican.slice(1, 2).join('')} ${northAmerican.slice(2).join('-')}` : `+${digits}`;
}
