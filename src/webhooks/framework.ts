/** A framework or platform whose requests the receiver recognizes, to explain how to preserve the raw body. */
export type WebhookFramework = 'express' | 'nestjs' | 'fastify' | 'koa' | 'next' | 'hono' | 'lambda' | 'azure' | 'node';

/** How to preserve the raw body, one line per framework. */
export const rawBodyRemedies: Readonly<Record<WebhookFramework, string>> = {
  express: 'Express: mount the receiver before express.json(), or give its route express.raw({ type: () => true, limit: "3mb" }).',
  nestjs: 'NestJS: use WhatsAppModule of wa-coexist/nestjs, or NestFactory.create(AppModule, { rawBody: true }).',
  fastify:
    'Fastify: register the receiver in a scope of its own, call scope.removeAllContentTypeParsers() there, and pass request.raw and reply.raw.',
  koa: 'Koa: use the receiver before koa-bodyparser, set ctx.respond = false, and pass ctx.req and ctx.res.',
  next: 'Next.js: use a route handler with webhooks.fetch, or export const config = { api: { bodyParser: false } } from an API route.',
  hono: 'Hono: call webhooks.fetch(context.req.raw) before the body is read.',
  lambda: 'AWS Lambda: export const handler = toLambdaHandler(webhooks), from wa-coexist/webhooks/node.',
  azure: 'Azure Functions: create a Request with the bytes of await request.arrayBuffer(), and pass it to webhooks.fetch.',
  node: 'node:http and frameworks with fetch: call the receiver before the body is read, for example with parse: "none" in Elysia.',
};

/** The frameworks that a request passed through, as far as known. */
const frameworks = new WeakMap<object, WebhookFramework>();

/** Remembers the framework of the object from which a `Request` was created. */
export function rememberFramework(request: Request, source: unknown, response?: unknown): void {
  const framework = detectFramework(source, response);
  if (framework !== undefined) frameworks.set(request, framework);
}

/** Returns the framework of a request, or `undefined` if it isn't known. Never throws. */
export function frameworkOf(request: unknown): WebhookFramework | undefined {
  const known = typeof request === 'object' && request !== null ? frameworks.get(request) : undefined;
  return known ?? detectFramework(request, undefined);
}

/** Whether a value is a `Request` of this or another implementation. Never throws. */
export function isRequest(value: unknown): value is Request {
  if (value instanceof Request) return true;
  const headers = member(value, 'headers');
  return typeof member(value, 'url') === 'string' && typeof member(headers, 'get') === 'function' && has(value, 'bodyUsed');
}

/** The checks, in order: NestJS applications are Express or Fastify applications, too. */
const checks: readonly (readonly [WebhookFramework, (request: unknown, response: unknown) => boolean])[] = [
  ['lambda', (event) => has(event, 'httpMethod') || (has(event, 'requestContext') && !has(event, 'method'))],
  ['next', (request) => hasSymbol(request, 'NextInternalRequestMeta') || (has(request, 'cookies') && has(request, 'previewData'))],
  ['nestjs', (request) => isNest(request)],
  ['express', (request) => typeof member(request, 'app') === 'function' && has(request, 'res')],
  ['fastify', (request) => has(request, 'raw') && has(request, 'log') && has(request, 'server')],
  ['fastify', (request) => hasSymbolNamed(member(member(request, 'socket'), 'server'), 'fastify')],
  ['koa', (request) => (has(request, 'ctx') || has(request, 'respond') || has(request, 'originalUrl')) && has(request, 'req')],
  // Koa begins each response with 404, and Node with 200.
  ['koa', (request, response) => member(response, 'statusCode') === 404 && !has(request, 'originalUrl')],
  ['hono', (request) => has(request, 'raw') && typeof member(request, 'header') === 'function'],
  ['azure', (request) => typeof member(request, 'arrayBuffer') === 'function' && has(request, 'params') && has(request, 'user')],
];

function detectFramework(request: unknown, response: unknown): WebhookFramework | undefined {
  return checks.find(([, isFrom]) => isFrom(request, response))?.[0];
}

/** NestJS marks neither requests nor the application of Express, but its handlers are registered by its own router. */
function isNest(request: unknown): boolean {
  const isExpress = typeof member(request, 'app') === 'function' && has(request, 'res');
  const loadsMetadata = typeof member(Reflect, 'getMetadata') === 'function';
  return isExpress && loadsMetadata;
}

/** Reads a member of an object whose getters and proxies may throw. */
function member(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value) as object, name) as unknown;
  } catch {
    return undefined;
  }
}

function has(value: unknown, name: string): boolean {
  return member(value, name) !== undefined;
}

function hasSymbol(value: unknown, name: string): boolean {
  try {
    return Symbol.for(name) in (Object(value) as object);
  } catch {
    return false;
  }
}

function hasSymbolNamed(value: unknown, part: string): boolean {
  try {
    return Object.getOwnPropertySymbols(Object(value) as object).some((symbol) => symbol.description?.includes(part) === true);
  } catch {
    return false;
  }
}
