import type { GraphRequest } from './client.js';

/** Name of an edge, such as `message_templates`. Tokens and IDs contain digits, capitals or signs. */
const edge = /^[a-z][a-z_]{0,39}$/;
const numericId = /^\d{1,20}$/;
/** An ID or a phone number. Upload IDs contain a signature, so they remain placeholders. */
const knownId = /^[+\w .()-]{1,64}$/;

/**
 * Names a request in logs and errors, with placeholders for IDs. Without `operation`, every segment that isn't an edge
 * may be an ID or a token.
 */
export function operationOf({ operation, method, path }: GraphRequest): string {
  return operation ?? `${method} /${path.map((segment) => (edge.test(segment) ? segment : '{id}')).join('/')}`;
}

/**
 * Describes a request in errors: its operation with the real IDs. Without `operation`, only numbers are known to be
 * IDs.
 */
export function requestLine(request: GraphRequest): string {
  const [method = '', ...names] = operationOf(request).split('/');
  const shown = request.operation === undefined ? numericId : knownId;
  const segments = names.map((name, index) => {
    const segment = request.path[index] ?? '';
    return /^\{[\w-]+\}$/.test(name) && shown.test(segment) ? segment : name;
  });
  return [method, ...segments].join('/');
}

/** Returns the segments of a request without `operation` that may be tokens. */
export function hiddenSegments({ operation, path }: GraphRequest): readonly string[] {
  return operation === undefined ? path.filter((segment) => !edge.test(segment) && !numericId.test(segment)) : [];
}
