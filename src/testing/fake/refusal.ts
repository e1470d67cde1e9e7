/** Meta's answer to a request that it does not fulfil. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: number;
  /** The `error` object without the trace id. */
  readonly error: Readonly<Record<string, unknown>>;

  constructor(status: number, error: Readonly<Record<string, unknown>> & { readonly message: string; readonly code: number }) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.error = error;
  }
}

const graphMethodException = 'GraphMethodException';
const documentation = 'Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api';

/** HTTP status and title of the codes that Cloud API itself answers. Source: Meta, error codes (12 Dec 2025); 2593xxx: assumed 400. */
const cloudApiCodes: Readonly<Record<number, readonly [status: number, title: string]>> = {
  4: [400, 'Application request limit reached'],
  80007: [400, 'Rate limit issues'],
  130429: [400, 'Rate limit hit'],
  131000: [500, 'Something went wrong'],
  131005: [403, 'Access denied'],
  131008: [400, 'Required parameter is missing'],
  131009: [400, 'Parameter value is not valid'],
  131016: [500, 'Service unavailable'],
  131021: [400, 'Recipient cannot be sender'],
  131026: [400, 'Message undeliverable'],
  131031: [403, 'Account has been locked'],
  131047: [400, 'Re-engagement message'],
  131048: [400, 'Spam rate limit hit'],
  131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
  131057: [500, 'Account in maintenance mode'],
  131062: [400, 'Business-scoped user IDs are not supported for this message'],
  132000: [400, 'Number of parameters does not match the expected number of params'],
  132001: [404, 'Template name does not exist in the translation'],
  132015: [400, 'Template is paused'],
  132016: [400, 'Template is disabled'],
  133010: [400, 'Phone number not registered'],
  2593107: [400, 'Synchronization request limit exceeded'],
  2593108: [400, 'Synchronization request made outside allowed time window'],
};

/** A refusal of Cloud API's own, with `error_data.details`. */
export function refuse(code: number, details: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  const [status, title] = cloudApiCodes[code] ?? [400, 'Request refused'];
  return new Refusal(status, {
    message: `(#${String(code)}) ${title}`,
    type: 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details },
    ...more,
  });
}

/** Code 100: a parameter is missing or wrong. */
export function invalidParameter(text: string, subcode?: number): Refusal {
  return new Refusal(400, {
    message: `(#100) ${text}`,
    type: 'OAuthException',
    code: 100,
    ...(subcode !== undefined && { error_subcode: subcode }),
  });
}

/** Code 100, subcode 33: no such object, or not with this token. */
export function unknownObject(method: string, id: string): Refusal {
  return new Refusal(400, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. ${documentation}`,
    type: graphMethodException,
    code: 100,
    error_subcode: 33,
  });
}

/** Code 100 for a path that the fake does not have: names it, so that a test shows what is missing. */
export function unsupportedPath(method: string, path: string): Refusal {
  return new Refusal(400, {
    message: `Unsupported ${method.toLowerCase()} request. ${method} /${path} is not a path of the fake Cloud API. ${documentation}`,
    type: graphMethodException,
    code: 100,
  });
}

/** Code 190: the token is not good. */
export function invalidToken(text: string, subcode?: number): Refusal {
  return new Refusal(401, {
    message: text,
    type: 'OAuthException',
    code: 190,
    ...(subcode !== undefined && { error_subcode: subcode }),
  });
}

/** Code 10: the token lacks a permission. */
export function missingPermission(scope: string): Refusal {
  return new Refusal(403, {
    message: `(#10) Application does not have permission for this action: ${scope} is missing`,
    type: 'OAuthException',
    code: 10,
  });
}
