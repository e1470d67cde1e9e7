/** A framework or platform whose requests the receiver recognizes, to explain how to preserve the raw body. */
export type WebhookFramework = 'express' | 'nestjs' | 'fastify' | 'koa' | 'next' | 'lambda' | 'azure' | 'fetch' | 'node';

/** How to preserve the raw body, one line per framework. */
export const rawBodyRemedies: Readonly<Record<WebhookFramework, string>> = {
  express: 'Express: mount the receiver before express.json(), or give its route express.raw({ type: () => true, limit: "3mb" }).',
  nestjs: 'NestJS: use WhatsAppModule of wa-coexist/nestjs, or NestFactory.create(AppModule, { rawBody: true }).',
  fastify:
    'Fastify: register the receiver in its own scope, call scope.removeAllContentTypeParsers() there, and pass request.raw and reply.raw.',
  koa: 'Koa: use the receiver before koa-bodyparser, set ctx.respond = false, and pass ctx.req and ctx.res.',
  next: 'Next.js: use a route handler with webhooks.fetch, or export const config = { api: { bodyParser: false } } from an API route.',
  lambda: 'AWS Lambda: export const handler = toLambdaHandler(webhooks), from wa-coexist/webhooks/node.',
  azure: 'Azure Functions: create a Request with the bytes of await request.arrayBuffer(), and pass it to webhooks.fetch.',
  fetch:
    'Hono, Elysia and other frameworks with fetch: call webhooks.fetch(request) before the body is read (Hono: context.req.raw, Elysia: parse: "none").',
  node: 'node:http: call the handler before the body is read.',
};

/** Frameworks by the objects from which requests were created. */
const frameworks = new WeakMap<object, WebhookFramework>();

/**
 * Returns the framework of the objects of a Node server. Call it synchronously from the handler, because it reads the
 * call stack.
 */
export function nodeFrameworkOf(request: unknown, response: unknown): WebhookFramework {
  return detectFramework({ request, response, stack: callStack() }) ?? 'node';
}

/** Remembers the framework of a `Request` that was created from other objects. */
export function rememberFramework(request: Request, framework: WebhookFramework): void {
  frameworks.set(request, framework);
}

/** Returns the framework of a request, or `undefined` if it isn't known. Never throws. */
export function frameworkOf(request: unknown): WebhookFramework | undefined {
  const known = typeof request === 'object' && request !== null ? frameworks.get(request) : undefined;
  return known ?? detectFramework({ request, response: undefined, stack: callStack() }) ?? (isRequest(request) ? 'fetch' : undefined);
}

/** Returns whether a value is a `Request` of this or another implementation. Never throws. */
export function isRequest(value: unknown): value is Request {
  try {
    if (value instanceof Request) return true;
  } catch {
    return false;
  }
  return typeof member(value, 'url') === 'string' && typeof member(member(value, 'headers'), 'get') === 'function';
}

/** Facts about a call of the receiver for the checks. */
interface ReceiverCall {
  readonly request: unknown;
  readonly response: unknown;
  /** The call stack names the packages that called the receiver, unless a bundler merged them. */
  readonly stack: string;
}

/** The checks, in order. NestJS applications are also Express or Fastify applications, so NestJS is first. */
const checks: readonly (readonly [WebhookFramework, (call: ReceiverCall) => boolean])[] = [
  [
    'lambda',
    ({ request }) => has(request, 'httpMethod') || (has(request, 'requestContext') && has(request, 'headers') && !has(request, 'method')),
  ],
  [
    'next',
    ({ request }) =>
      hasSymbol(request, 'NextInternalRequestMeta') || (has(request, 'query') && has(request, 'cookies') && has(request, 'env')),
  ],
  ['nestjs', ({ stack }) => stack.includes('@nestjs')],
  ['express', ({ request }) => typeof member(request, 'app') === 'function' && has(request, 'res')],
  ['fastify', ({ request, stack }) => isFrom(stack, 'fastify') || (has(request, 'raw') && has(request, 'log') && has(request, 'server'))],
  ['koa', ({ request, stack }) => isFrom(stack, 'koa') || isFrom(stack, 'koa-compose') || (has(request, 'ctx') && has(request, 'req'))],
  ['koa', ({ request }) => has(request, 'app') && has(request, 'req') && has(request, 'res') && has(request, 'request')],
  // Koa initializes the status of responses with 404, and Node with 200.
  ['koa', ({ response }) => member(response, 'statusCode') === 404],
  ['fetch', ({ request }) => has(request, 'raw') && typeof member(request, 'header') === 'function'],
  [
    'azure',
    ({ request }) =>
      typeof member(request, 'arrayBuffer') === 'function' && has(request, 'params') && 'user' in (Object(request) as object),
  ],
];

/** Reading objects of callers can throw. */
function detectFramework(call: ReceiverCall): WebhookFramework | undefined {
  try {
    return checks.find(([, matches]) => matches(call))?.[0];
  } catch {
    return undefined;
  }
}

function callStack(): string {
  return new Error().stack ?? '';
}

function isFrom(stack: string, name: string): boolean {
  return stack.includes(`node_modules/${name}/`) || stack.includes(`node_modules\\${name}\\`);
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
  return Symbol.for(name) in (Object(value) as object);
}
