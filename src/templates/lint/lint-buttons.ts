import { upperCase, variableNames } from '../../messages/template/template-shape.js';
import { isRecord } from '../../runtime/json.js';
import type { TemplateLimits } from '../../policy/template-rules.js';
import type { Findings } from './findings.js';

type Wire = Readonly<Record<string, unknown>>;

/** Limits of buttons of one type. */
const countRules: readonly (readonly [type: string, rule: keyof TemplateLimits])[] = [
  ['QUICK_REPLY', 'quickReplyButtons'],
  ['URL', 'urlButtons'],
  ['PHONE_NUMBER', 'phoneNumberButtons'],
  ['COPY_CODE', 'copyCodeButtons'],
];

const labelled: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'QUICK_REPLY',
  'URL',
  'PHONE_NUMBER',
  'FLOW',
  'CATALOG',
  'MPM',
  'SPM',
  'VOICE_CALL',
]);

/** Checks the buttons of a template (`buttons`) or of a card (`cardButtons`). */
export function lintButtons(
  given: unknown,
  path: string,
  countRule: 'buttons' | 'cardButtons',
  category: string,
  findings: Findings,
): void {
  const buttons: readonly unknown[] = Array.isArray(given) ? given : [];
  if (buttons.length === 0) findings.add('components', path, 'is missing or empty');
  findings.most(countRule, path, buttons.length, (limit) => `has ${String(buttons.length)} buttons, but Meta allows ${String(limit)}`);
  const types = buttons.map((button) => upperCase(isRecord(button) ? button.type : undefined));
  for (const [type, rule] of countRules) {
    const count = types.filter((one) => one === type).length;
    findings.most(rule, path, count, (limit) => `has ${String(count)} buttons of type ${type}, but Meta allows ${String(limit)}`);
  }
  const isReply = types.map((type) => type === 'QUICK_REPLY');
  const groups = isReply.filter((reply, index) => reply && isReply[index - 1] !== true).length;
  if (groups > 1) findings.add('buttonOrder', path, 'mixes quick replies with other buttons. Put all quick replies next to each other');
  buttons.forEach((button, index) => {
    if (isRecord(button)) lintButton(button, `${path}[${String(index)}]`, category, findings);
  });
}

function lintButton(button: Wire, path: string, category: string, findings: Findings): void {
  const type = upperCase(button.type);
  const { text } = button;
  if (type === '') findings.add('components', `${path}.type`, 'is missing');
  if (labelled.has(type) && (typeof text !== 'string' || text.trim() === '')) findings.add('buttonText', `${path}.text`, 'is missing');
  findings.length('buttonTextLength', `${path}.text`, text);
  if (variableNames(text).length > 0) findings.add('buttonText', `${path}.text`, 'contains a variable, which labels cannot have');
  switch (type) {
    case 'URL':
      lintUrl(button, path, category, findings);
      return;
    case 'PHONE_NUMBER':
      if (typeof button.phone_number !== 'string' || !/\d/.test(button.phone_number)) {
        findings.add('components', `${path}.phone_number`, 'is missing');
      }
      findings.length('phoneNumberLength', `${path}.phone_number`, button.phone_number);
      return;
    case 'COPY_CODE': {
      const sample = firstOf(button.example);
      if (typeof sample !== 'string' || sample === '') findings.add('examples', `${path}.example`, "needs a sample code: 'SPRING20'");
      findings.length('copyCodeLength', `${path}.example`, sample);
      return;
    }
    case 'FLOW':
      if (['flow_id', 'flow_name', 'flow_json'].filter((name) => button[name] !== undefined).length !== 1) {
        findings.add('components', path, 'needs one of flow_id, flow_name and flow_json');
      }
      return;
    case 'OTP':
      if (category !== '' && category !== 'AUTHENTICATION') {
        findings.add('otpButtons', path, 'is an OTP button, which only AUTHENTICATION templates can have');
      }
      lintOtp(button, path, findings);
  }
}

function lintUrl(button: Wire, path: string, category: string, findings: Findings): void {
  const { url } = button;
  if (typeof url !== 'string' || url === '') {
    findings.add('components', `${path}.url`, 'is missing');
    return;
  }
  findings.length('urlLength', `${path}.url`, url);
  const names = variableNames(url);
  if (names.length > 1 || (names.length === 1 && !/\{\{[^{}]*\}\}$/.test(url))) {
    findings.add('urlVariable', `${path}.url`, 'can have one variable, at its end');
  } else if (names.length === 1 && names[0] !== '1') {
    findings.add('urlVariable', `${path}.url`, 'must call its variable {{1}}, also in templates with named variables');
  }
  if (url.startsWith('{{')) findings.add('urlVariable', `${path}.url`, 'starts with a variable. Start it with https://');
  const sample = firstOf(button.example);
  if (names.length > 0 && (typeof sample !== 'string' || sample === '')) {
    findings.add('examples', `${path}.example`, "needs a sample URL, because url contains a variable: ['https://example.com/order/4711']");
  }
  if (button.app_deep_link !== undefined && category !== '' && category !== 'MARKETING') {
    findings.add('marketingContent', `${path}.app_deep_link`, 'is possible only in MARKETING templates');
  }
}

function lintOtp(button: Wire, path: string, findings: Findings): void {
  const kind = upperCase(button.otp_type);
  if (kind === '') findings.add('otpButtons', `${path}.otp_type`, 'is missing: COPY_CODE, ONE_TAP or ZERO_TAP');
  if (kind === 'ZERO_TAP' && button.zero_tap_terms_accepted !== true) {
    findings.add('otpButtons', `${path}.zero_tap_terms_accepted`, 'must be true for ZERO_TAP');
  }
  const listed: unknown = button.supported_apps;
  const apps: readonly unknown[] = Array.isArray(listed) ? listed : [];
  if ((kind === 'ONE_TAP' || kind === 'ZERO_TAP') && apps.length === 0 && button.package_name === undefined) {
    findings.add('otpButtons', `${path}.supported_apps`, `is missing: ${kind} needs the Android apps that may read the code`);
  }
  findings.most(
    'supportedApps',
    `${path}.supported_apps`,
    apps.length,
    (limit) => `has ${String(apps.length)} apps, but Meta allows ${String(limit)}`,
  );
  lintApp(button, path, findings);
  apps.forEach((app, index) => {
    if (isRecord(app)) lintApp(app, `${path}.supported_apps[${String(index)}]`, findings);
  });
}

function lintApp({ package_name: name, signature_hash: hash }: Wire, path: string, findings: Findings): void {
  findings.length('packageNameLength', `${path}.package_name`, name);
  if (typeof hash !== 'string') return;
  const { length } = decoded(hash);
  findings.exactly(
    'signatureHashLength',
    `${path}.signature_hash`,
    length,
    (limit) => `has ${String(length)} characters, but must have ${String(limit)}`,
  );
}

/** Meta accepts an example, and a list with one. */
function firstOf(example: unknown): unknown {
  return Array.isArray(example) ? (example as readonly unknown[])[0] : example;
}

/** Meta's examples contain an escaped hash. */
function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
