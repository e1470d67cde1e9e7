import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { isRecord } from '../runtime/json.js';

/** Checked parts of a new or edited template. Callers without TypeScript may pass any value. */
interface TemplateParts {
  readonly name?: unknown;
  readonly components?: unknown;
  readonly parameter_format?: unknown;
}

type Reject = (field: string, rule: string) => never;

/**
 * Checks the definition of a template before the request, because a rejected definition costs a request and a review.
 *
 * Source: Meta, Templates (22 Sep 2026), Template components (Dec 2025) and Resumable Upload API (Sep 2025).
 *
 * @throws `InvalidArgumentError` that names the field.
 */
export function checkTemplateDefinition(action: string, { name, components, parameter_format: format }: TemplateParts): void {
  const reject: Reject = (field, rule) => {
    throw new InvalidArgumentError(action, field, rule);
  };
  if (name !== undefined && (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name))) {
    reject('name', 'must have 1 to 512 characters of a-z, 0-9 and _');
  }
  // Edits without a format don't change the format of the template.
  const wanted = format === undefined && name === undefined ? undefined : format === undefined ? 'POSITIONAL' : wordOf(format);
  checkComponents(components, 'components', wanted, reject);
}

function checkComponents(components: unknown, path: string, format: string | undefined, reject: Reject): void {
  if (!Array.isArray(components)) return;
  components.forEach((component: unknown, index) => {
    if (!isRecord(component)) return;
    const at = `${path}[${String(index)}]`;
    checkVariables(component.text, `${at}.text`, format, reject);
    switch (wordOf(component.type)) {
      case 'HEADER':
        if (/^(?:IMAGE|VIDEO|GIF|DOCUMENT)$/.test(wordOf(component.format))) checkHandle(component.example, `${at}.example`, reject);
        return;
      case 'BUTTONS':
        checkButtons(component.buttons, `${at}.buttons`, format, reject);
        return;
      case 'CAROUSEL':
        if (!Array.isArray(component.cards)) return;
        component.cards.forEach((card: unknown, number) => {
          if (isRecord(card)) checkComponents(card.components, `${at}.cards[${String(number)}].components`, format, reject);
        });
    }
  });
}

function checkVariables(text: unknown, path: string, format: string | undefined, reject: Reject): void {
  const names = variablesOf(text);
  const named = names.find((name) => !/^\d+$/.test(name));
  if (format === 'POSITIONAL' && named !== undefined) {
    reject('parameter_format', `must be 'NAMED', because ${path} contains the named variable {{${named}}}`);
  }
  if (format === 'NAMED' && names.some((name) => /^\d+$/.test(name))) {
    reject(path, "contains a numbered variable, but parameter_format is 'NAMED'. Give each variable a name, for example {{first_name}}");
  }
}

function checkHandle(example: unknown, path: string, reject: Reject): void {
  const handles: unknown = isRecord(example) ? example.header_handle : undefined;
  const list: readonly unknown[] = Array.isArray(handles) ? handles : [handles];
  const upload = 'Upload the sample with uploadFile, and pass the handle that it returns';
  for (const handle of list.length === 0 ? [undefined] : list) {
    if (typeof handle !== 'string' || handle.trim() === '') reject(path, `needs header_handle with a sample of the file. ${upload}`);
    else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(handle)) reject(`${path}.header_handle`, `is a URL, which Meta rejects. ${upload}`);
    else if (/^\d+$/.test(handle)) reject(`${path}.header_handle`, `is a media ID, which Meta rejects. ${upload}`);
  }
}

function checkButtons(buttons: unknown, path: string, format: string | undefined, reject: Reject): void {
  if (!Array.isArray(buttons)) return;
  buttons.forEach((button: unknown, index) => {
    if (!isRecord(button) || wordOf(button.type) !== 'URL' || variablesOf(button.url).length === 0) return;
    const at = `${path}[${String(index)}]`;
    // The variable of a URL is numbered, even in templates with named variables.
    if (format !== 'NAMED') checkVariables(button.url, `${at}.url`, format, reject);
    const samples: readonly unknown[] = Array.isArray(button.example) ? button.example : [button.example];
    const [sample] = samples;
    if (typeof sample !== 'string' || sample === '') {
      reject(`${at}.example`, "needs a sample URL, because url contains a variable: ['https://example.com/order/4711']");
    }
  });
}

function variablesOf(text: unknown): readonly string[] {
  return typeof text === 'string' ? [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim()) : [];
}

/** Returns a type or format in upper case. Meta ignores case. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.toUpperCase() : '';
}
