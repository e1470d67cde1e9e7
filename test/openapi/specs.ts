import { existsSync, readFileSync } from 'node:fs';

/** Meta's OpenAPI file and its examples. They aren't part of the repository, so they may be missing. */
const folder = new URL('../../../shared/specs/', import.meta.url);

/** Whether the files exist. */
export const hasSpecs: boolean = existsSync(folder);

if (!hasSpecs) console.log("Skipped: what is held against Meta's OpenAPI file needs it in a folder shared/specs beside the checkout.");

const json = (name: string): unknown => (hasSpecs ? JSON.parse(readFileSync(new URL(name, folder), 'utf8')) : undefined);

/** Returns every operation of the file, for example `GET /{Phone-Number-ID}/groups`, without the version. */
export function operationsOfSpec(): ReadonlySet<string> {
  const { paths = {} } = (json('facebook-openapi_v23.0.overlay.json') ?? {}) as { readonly paths?: Readonly<Record<string, object>> };
  return new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => ['get', 'post', 'delete'].includes(method))
        .map((method) => `${method.toUpperCase()} ${path.replace('/{Version}', '')}`),
    ),
  );
}

/** An example response in the file. */
export interface ResponseExample {
  readonly operation: string;
  readonly status: number;
  readonly name: string;
  readonly body: unknown;
}

/** Returns all example responses. */
export function responseExamples(): readonly ResponseExample[] {
  const examples = (json('facebook-openapi_examples.json') ?? []) as readonly { op: string; kind: string; name: string; value: unknown }[];
  return examples
    .filter(({ kind }) => kind.startsWith('response '))
    .map(({ op, kind, name, value }) => ({
      operation: op.replace('/{Version}', ''),
      status: Number(kind.slice('response '.length)),
      name,
      body: value,
    }));
}

/**
 * Bodies of `POST /messages` in Meta's guides and its Postman collection, without read receipts and without bodies that
 * are known to be wrong or retired.
 */
export function publishedMessages(): readonly (readonly [name: string, body: Readonly<Record<string, unknown>>])[] {
  const postman = (json('meta-postman_message-bodies.json') ?? []) as readonly (readonly [
    string,
    Readonly<Record<string, unknown>> | null,
  ])[];
  const docs = (json('meta-docs_message-bodies.json') ?? []) as readonly {
    readonly page: string;
    readonly body: Readonly<Record<string, unknown>>;
  }[];
  const all = [...postman, ...docs.map(({ page, body }) => [page, body] as const)];
  return all.flatMap(([name, body]) =>
    body && body.status === undefined && (body.to ?? body.recipient) !== undefined && !JSON.stringify(body).includes('"reference-id"')
      ? [[name, body] as const]
      : [],
  );
}

/** The file itself, for validators. */
export const openapiFile: unknown = json('facebook-openapi_v23.0.overlay.json');
