import { buttonsOf } from '../template-content.js';
import type { Answer } from '../entities.js';
import type { GivenComponent, TemplateProblem } from './template-problem.js';

/** How Meta's errors call a button, the sub-type of its values, and whether it needs or takes them. */
interface ButtonKind {
  readonly label: string;
  readonly subTypes: readonly string[];
  readonly values: 'needed' | 'allowed' | 'none';
}

const url: ButtonKind = { label: 'Url', subTypes: ['url'], values: 'needed' };
const kinds: Readonly<Record<string, ButtonKind>> = {
  PHONE_NUMBER: { label: 'Call', subTypes: [], values: 'none' },
  QUICK_REPLY: { label: 'QuickReply', subTypes: ['quick_reply'], values: 'allowed' },
  COPY_CODE: { label: 'CopyCode', subTypes: ['copy_code'], values: 'needed' },
  OTP: { ...url, subTypes: ['url', 'copy_code'] },
  FLOW: { label: 'Flow', subTypes: ['flow'], values: 'allowed' },
  CATALOG: { label: 'Catalog', subTypes: ['catalog'], values: 'allowed' },
  MPM: { label: 'Mpm', subTypes: ['mpm'], values: 'needed' },
  SPM: { label: 'Spm', subTypes: [], values: 'none' },
  VOICE_CALL: { label: 'VoiceCall', subTypes: ['voice_call'], values: 'allowed' },
};

/** Compares the buttons of a template with the values of a message. Kinds of buttons that the fake does not know pass. */
export function findButtonProblem(stored: readonly Answer[], given: readonly GivenComponent[]): TemplateProblem | undefined {
  const buttons = buttonsOf(stored);
  const values = given.filter(({ type }) => type === 'button');
  for (const [index, button] of buttons.entries()) {
    const kind = kindOf(button);
    const own = values.filter((value) => value.index === index);
    const place = `buttons: Button at index ${String(index)}`;
    if (kind?.values === 'needed' && own.every(({ parameters }) => parameters.length === 0))
      return { rule: 'buttonMissing', details: `${place} of type ${kind.label} requires a parameter` };
    const [value] = own;
    if (!kind || !value) continue;
    if (kind.values === 'none' || !kind.subTypes.includes(value.subType)) {
      return kind.values === 'none'
        ? { rule: 'buttonWithout', details: `${place} is of type ${kind.label} and does not support parameters` }
        : { rule: 'buttonType', details: `${place} is of type ${kind.label}, not of ${value.subType}` };
    }
  }
  const stray = values.find(({ index }) => index >= buttons.length);
  return stray && { rule: 'buttonType', details: `buttons: the template has no button at index ${String(stray.index)}` };
}

/** A URL without a variable takes no value. */
function kindOf({ type, url: address }: Answer): ButtonKind | undefined {
  const name = typeof type === 'string' ? type.toUpperCase() : '';
  if (name !== 'URL') return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  return typeof address === 'string' && address.includes('{{') ? url : { ...url, values: 'none' };
}
