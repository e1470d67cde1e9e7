/** Meta's answer to a request that it does not fulfil. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: number;
  /** The `error` object without the trace id. */
  readonly error: Readonly<Record<string, unknown>>;
  /** Properties next to `error` if a part succeeded. */
  readonly beside: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    error: Readonly<Record<string, unknown>> & { readonly message: string; readonly code: number },
    beside: Readonly<Record<string, unknown>> = {},
  ) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.error = error;
    this.beside = beside;
  }
}

const graphMethodException = 'GraphMethodException';
const documentation = 'Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api';

/**
 * HTTP status and title of the codes that Cloud API itself answers. Source: Meta, error codes (12 Dec 2025). For 131062, 131063, 1341xx,
 * 136xxx, 139xxx, 147xxx, 131070, 2494191 and 2593xxx no status is published: 400 is assumed.
 */
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
  131041: [400, 'Group not found'],
  131047: [400, 'Re-engagement message'],
  131048: [400, 'Spam rate limit hit'],
  131050: [400, 'User has stopped marketing messages'],
  131051: [400, 'Unsupported message type'],
  131052: [400, 'Media download error'],
  131053: [400, 'Media upload error'],
  131055: [400, 'Method not allowed'],
  131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
  131057: [500, 'Account in maintenance mode'],
  131059: [400, 'Cursor is invalid or has expired'],
  131062: [400, 'Business-scoped user IDs are not supported for this message'],
  131063: [400, 'Marketing templates are disabled on Cloud API'],
  131070: [400, 'Thread is owned by another responder'],
  131204: [400, 'Over the limit of participants'],
  131212: [400, 'Not a participant of the group'],
  131213: [400, 'Join request does not exist'],
  131215: [400, 'Not eligible for groups'],
  132000: [400, 'Number of parameters does not match the expected number of params'],
  132001: [404, 'Template name does not exist in the translation'],
  132005: [400, 'Translated text too long'],
  132012: [400, 'Parameter format does not match format in the created template'],
  132015: [400, 'Template is paused'],
  132016: [400, 'Template is disabled'],
  132018: [400, 'There is an issue with a parameter of the template'],
  133005: [400, 'Two-step verification PIN mismatch'],
  133006: [400, 'Phone number re-verification needed'],
  133010: [400, 'Phone number not registered'],
  133016: [400, 'Account register/deregister rate limit exceeded'],
  134100: [400, 'Only marketing messages are supported'],
  136024: [400, 'Phone number is already verified'],
  138000: [401, 'Calling is not enabled'],
  138006: [401, 'No approved call permission'],
  139001: [400, 'Flow cannot be updated'],
  139002: [400, 'Flow cannot be published'],
  139003: [400, 'Flow cannot be deprecated'],
  139004: [400, 'Flow cannot be deleted'],
  139100: [400, 'Failed to block or unblock some users'],
  147001: [400, 'Username is not available'],
  147005: [400, 'Username is in use on another of your numbers'],
  200005: [400, 'Template insights are not enabled'],
  2494191: [400, 'Thread take is not permitted'],
  2593107: [400, 'Synchronization request limit exceeded'],
  2593108: [400, 'Synchronization request made outside allowed time window'],
};

/** A refusal of Cloud API's own, with `error_data.details`. */
export function refuse(code: number, details: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(cloudApiCodes[code]?.[0] ?? 400, cloudApiError(code, details, more));
}

/** An error with the part that succeeded. */
export function refusePart(code: number, details: string, beside: Readonly<Record<string, unknown>>): Refusal {
  return new Refusal(cloudApiCodes[code]?.[0] ?? 400, cloudApiError(code, details), beside);
}

function cloudApiError(code: number, details: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    message: `(#${String(code)}) ${cloudApiCodes[code]?.[1] ?? 'Request refused'}`,
    type: 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details },
    ...more,
  };
}

/** An element of `errors[]` in webhooks and lists of what failed. */
export function webhookError(code: number, details: string): Readonly<Record<string, unknown>> {
  const title = cloudApiCodes[code]?.[1] ?? 'Request refused';
  const href = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';
  return { code, title, message: title, error_data: { details }, href };
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

/** Code 100 with details, as Cloud API itself answers it. Captured by ignacio-chiazzo's ruby_whatsapp_sdk (14 Oct 2024). */
export function invalidDetails(details: string): Refusal {
  return new Refusal(400, {
    message: '(#100) Invalid parameter',
    type: 'OAuthException',
    code: 100,
    error_data: { messaging_product: 'whatsapp', details },
  });
}

/** Code 100 with a subcode and words for people, as the management of templates, numbers and insights answers. */
export function refuseWithWords(subcode: number, title: string, words: string, code = 100): Refusal {
  return new Refusal(400, {
    message: code === 100 ? 'Invalid parameter' : title,
    type: 'OAuthException',
    code,
    error_subcode: subcode,
    is_transient: false,
    error_user_title: title,
    error_user_msg: words,
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
