/** Names, in a query or at the top of a body, whose values are secrets. */
const names = 'access_token|client_secret|input_token|appsecret_proof|code|pin|fb_exchange_token|verify_token';
const secretNames = /* @__PURE__ */ new RegExp(`^(?:${names})$`);
/** The same in a text, as `name=value` or `"name":"value"`. */
const secretParameters = /* @__PURE__ */ new RegExp(`((?:^|[?&\\s"'])(?:${names})(?:=|"\\s*:\\s*"))[^&#\\s"']*`, 'gi');

/** What is put where a secret was. */
const placeholder = '[redacted]';

/** Characters that are kept of a message or a stack. */
const maxTextLength = 4_000;

function shorten(text: string): string {
  return text.slice(0, maxTextLength);
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that takes the given secrets, those among the fields of a request, and the values of secret parameters out of a text.
 * Texts shorter than 4 characters are not taken for secrets.
 */
export function redactor(secrets: readonly (string | undefined)[], ...fields: readonly (object | undefined)[]): Redact {
  return (text) =>
    [...secrets, ...fields.flatMap(secretsIn)]
      .filter((secret): secret is string => secret !== undefined && secret.length >= 4)
      .flatMap((secret) => [secret, encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'))])
      .reduce((rest, secret) => rest.replaceAll(secret, placeholder), text.replace(secretParameters, `$1${placeholder}`));
}

function secretsIn(fields: object | undefined): readonly string[] {
  // The bytes of a file have no names.
  if (!fields || ArrayBuffer.isView(fields)) return [];
  // What people write to each other is as secret.
  const texts = 'messaging_product' in fields ? textsIn(fields) : [];
  return entriesOf(fields)
    .flatMap(([name, value]: [string, unknown]) => {
      if (name === 'webhook_configuration' && typeof value === 'object' && value) return secretsIn(value);
      return typeof value === 'string' && secretNames.test(name) ? [value] : [];
    })
    .concat(texts);
}

/** The texts of a message: its body, captions, and the values of a template. */
function textsIn(part: object, depth = 0): readonly string[] {
  return entriesOf(part).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') return /^(?:body|caption|text)$/.test(name) ? [value] : [];
    return typeof value === 'object' && value && depth < 8 ? textsIn(value, depth + 1) : [];
  });
}

/** The members of an object whose getters may throw: such a request is never sent, so that its secrets can't return. */
function entriesOf(fields: object): [string, unknown][] {
  try {
    return Object.entries(fields);
  } catch {
    return [];
  }
}

/**
 * What may be kept of an error that came from the caller's `fetch` or the runtime: such errors hold the request, or quote its address.
 * Names, texts, codes and causes stay, without secrets.
 */
export function redactError(error: unknown, redact: Redact, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  try {
    const cause = redactError(error.cause, redact, depth + 1);
    const { name, message, stack = '' } = error;
    const copy = new Error(shorten(redact(message)), cause && { cause });
    copy.name = redact(name);
    copy.stack = shorten(redact(stack));
    return 'code' in error && typeof error.code === 'string' ? Object.assign(copy, { code: redact(error.code) }) : copy;
  } catch {
    // An error whose getters throw has nothing to keep.
    return undefined;
  }
}
