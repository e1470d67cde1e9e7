/** Names of secrets in a query or at the top level of a body. */
const names = 'access_token|client_secret|input_token|appsecret_proof|code|pin|fb_exchange_token|verify_token';
const secretPaths = /* @__PURE__ */ new RegExp(`^\\.(?:webhook_configuration\\.)?(?:${names})$`);
/** The same names in a text, as `name=value` or `"name":"value"`. */
const secretParameters = /* @__PURE__ */ new RegExp(`((?:^|[?&\\s"'])(?:${names})(?:=|"\\s*:\\s*"))[^&#\\s"']*`, 'gi');

/** Replaces a secret. */
const placeholder = '[redacted]';

/** Maximum number of characters of a message or a stack. */
const maxTextLength = 4_000;

function shorten(text: string): string {
  return text.slice(0, maxTextLength);
}

/** Removes secrets from a text. */
export type Redact = (text: string) => string;

/**
 * Paths in a message to values that people don't write: constants of Meta, IDs, and the caller's own data. They aren't
 * redacted, because Meta's explanations contain them.
 */
const structural =
  /\.(?:messaging_product|to|recipient|user|action|index|status|screen|policy|metadata|payload|flow_action|join_requests|biz_opaque_callback_data|(?:template|action|parameter)[._]name|(?:language|currency)\.code|(?:\w+_)?(?:id|type|mode))$/;
/** Parts of a message with personal data, or with member names that the caller chooses. */
const personal = /\.(?:contacts|data|flow_action_data|values|saved_addresses)\./;

/**
 * Creates a function that removes secrets from a text: the given secrets, secrets among the fields of a request, the
 * texts of a message, and the values of secret parameters. It ignores secrets with fewer than 4 characters. Message
 * texts of that length are replaced only in quotes, because they are part of many words.
 */
export function redactor(secrets: readonly (string | undefined)[], ...fields: readonly (object | undefined)[]): Redact {
  let hidden: readonly string[] | undefined;
  return (text) => {
    hidden ??= hiddenIn(secrets, fields);
    return hidden.reduce((rest, one) => rest.replaceAll(one, placeholder), text.replace(secretParameters, `$1${placeholder}`));
  };
}

/** Lists all strings to replace, in each spelling. The longest is first, because it may contain another. */
function hiddenIn(secrets: readonly (string | undefined)[], fields: readonly (object | undefined)[]): readonly string[] {
  const texts = fields.flatMap(secretsIn).flatMap((text) => [text, ...text.split('\n')].map((line) => line.trim()));
  const short = texts.filter((text) => text && text.length < 4).flatMap((text) => [`"${text}"`, `'${text}'`, `\u201c${text}\u201d`]);
  return [...secrets, ...texts]
    .flatMap((text) => (text && text.length >= 4 ? spellings(text) : []))
    .concat(short)
    .sort((one, other) => other.length - one.length);
}

/** Returns the spellings of a text: unchanged, in a URL, in JSON, and in JSON as Meta writes it. */
function spellings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const escaped = json.replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [text, encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')), json, escaped.replaceAll('/', '\\/')];
}

/**
 * Finds the secrets among the fields of a request. Message texts and personal data are as secret as a token. A request
 * that can't be written as JSON is never sent, so Meta can't return its secrets.
 */
function secretsIn(fields: object | undefined): readonly string[] {
  const found: string[] = [];
  // The bytes of a file have no names.
  if (ArrayBuffer.isView(fields)) return found;
  try {
    const sent: unknown = JSON.parse(
      JSON.stringify(fields instanceof FormData || fields instanceof URLSearchParams ? Object.fromEntries(fields) : { ...fields }),
    );
    const isMessage = 'messaging_product' in (sent as object);
    const open = [{ path: '', value: sent }];
    for (const { path, value } of open) {
      if (typeof value === 'object' && value) {
        for (const [name, member] of Object.entries(value))
          open.push({ path: Array.isArray(value) ? path : `${path}.${name}`, value: member as unknown });
      } else if (
        typeof value === 'string'
          ? secretPaths.test(path) || (isMessage && (personal.test(path) || !structural.test(path)))
          : path.endsWith('itude')
      ) {
        found.push(String(value));
      }
    }
  } catch {
    // A getter threw, or a reference is circular.
  }
  return found;
}

/**
 * Copies an error of the caller's `fetch` or of the runtime without secrets, because such errors contain the request or
 * its URL. The copy contains name, message, stack, code and causes.
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
    // The getters of the error throw, so there is nothing to copy.
    return undefined;
  }
}
