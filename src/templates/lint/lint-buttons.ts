import { upperCase, variableNames } from '../../messages/template/template-shape.js';
import { isRecord } from '../../runtime/json.js';
import type { TemplateLimits } from '../../policy/template-rules.js';
import type { Findings } from './findings.js';
import { hasLineBreak, styledContent } from './lint-texts.js';

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
  const changes = isReply.filter((reply, index) => index > 0 && reply !== isReply[index - 1]).length;
  if (changes > 1) {
    findings.add('buttonOrder', path, 'mixes quick replies with other buttons. Put all quick replies first or last, in one group');
  }
  lintDuplicates(buttons, path, findings);
  buttons.forEach((button, index) => {
    if (isRecord(button)) lintButton(button, `${path}[${String(index)}]`, category, findings);
  });
}

/** Two buttons with the same label are indistinguishable, for the customer and in replies, which contain the label. */
function lintDuplicates(buttons: readonly unknown[], path: string, findings: Findings): void {
  const labels = buttons.map((button) => (isRecord(button) && typeof button.text === 'string' ? button.text.trim() : undefined));
  labels.forEach((label, index) => {
    if (label === undefined || label === '' || labels.indexOf(label) === index) return;
    findings.add(
      'buttonText',
      `${path}[${String(index)}].text`,
      'is the label of an earlier button. Meta may reject duplicates',
      'warning',
    );
  });
}

function lintButton(button: Wire, path: string, category: string, findings: Findings): void {
  const type = upperCase(button.type);
  const { text } = button;
  if (type === '') findings.add('components', `${path}.type`, 'is missing');
  if (labelled.has(type) && (typeof text !== 'string' || text.trim() === '')) findings.add('buttonText', `${path}.text`, 'is missing');
  findings.length('buttonTextLength', `${path}.text`, text);
  if (variableNames(text).length > 0) findings.add('buttonText', `${path}.text`, 'contains a variable, which labels cannot have');
  if (typeof text === 'string') lintLabel(text, `${path}.text`, findings);
  switch (type) {
    case 'URL':
      lintUrl(button, path, category, findings);
      return;
    case 'PHONE_NUMBER':
      if (typeof button.phone_number !== 'string' || button.phone_number.trim() === '') {
        findings.add('components', `${path}.phone_number`, 'is missing');
      } else if (!/^[+\d\s().-]+$/.test(button.phone_number) || !/\d/.test(button.phone_number)) {
        findings.add('components', `${path}.phone_number`, 'must be a phone number with its country code, for example +15550100987');
      }
      findings.length('phoneNumberLength', `${path}.phone_number`, button.phone_number);
      return;
    case 'COPY_CODE': {
      const sample = firstOf(button.example);
      if (typeof sample !== 'string' || sample === '') findings.add('examples', `${path}.example`, "needs a sample code: 'SPRING20'");
      findings.length('copyCodeLength', `${path}.example`, sample);
      if (category !== '' && category !== 'MARKETING') {
        findings.add('marketingContent', path, 'is usually possible only in MARKETING templates', 'warning');
      }
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

function lintLabel(text: string, path: string, findings: Findings): void {
  if (hasLineBreak(text)) findings.add('buttonText', path, 'contains a line break, which labels cannot have');
  for (const content of styledContent(text)) {
    // Meta's error also mentions emoji and formatting, but some accounts have labels with them.
    findings.add('buttonText', path, `contains ${content}, which Meta may reject in labels`, 'warning');
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
  else if (!/^https?:\/\/[^\s/]/i.test(url)) findings.add('urlFormat', `${path}.url`, 'is not a full web address. Start it with https://');
  else if (/\s/.test(url.replace(/\{\{[^{}]*\}\}$/, '')))
    findings.add('urlFormat', `${path}.url`, 'contains a space, which addresses cannot have');
  else if (/^https?:\/\/(?:www\.)?wa\.me(?:[/?#]|$)/i.test(url)) {
    findings.add('urlFormat', `${path}.url`, 'is a link to a WhatsApp chat, which Meta rejects in templates', 'warning');
  }
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
  else if (!['COPY_CODE', 'ONE_TAP', 'ZERO_TAP'].includes(kind)) {
    findings.add('otpButtons', `${path}.otp_type`, 'is unknown: Meta has COPY_CODE, ONE_TAP and ZERO_TAP', 'warning');
  }
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
  if ((name === undefined) !== (hash === undefined)) {
    const missing = name === undefined ? 'package_name' : 'signature_hash';
    findings.add('otpButtons', `${path}.${missing}`, 'is missing: each app needs package_name and signature_hash');
  }
  if (typeof hash !== 'string') return;
  const { length } = decoded(hash);
  findings.exactly(
    'signatureHashLength',
    `${path}.signature_hash`,
    length,
    (limit) => `has ${String(length)} characters, but must have ${String(limit)}`,
  );
}

/** Returns the first example. Meta accepts a single example or a list. */
function firstOf(example: unknown): unknown {
  return Array.isArray(example) ? (example as readonly unknown[])[0] : example;
}

/** Decodes an escaped hash, which Meta's examples contain. */
function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
