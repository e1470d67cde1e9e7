import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeHandler } from '../webhooks/node/to-node-handler.js';

/** The part of the HTTP adapters of NestJS that the module uses. */
interface HttpAdapter {
  getType(): string;
  /** Returns the application of Express or Fastify. */
  getInstance(): unknown;
}

/** The part of an Express application that the module uses. */
interface ExpressApplication {
  use(path: string, handler: NodeHandler): unknown;
}

/** The part of a Fastify instance that the module uses. */
interface FastifyApplication {
  register(plugin: (scope: FastifyApplication, options: unknown, done: () => void) => void): unknown;
  removeAllContentTypeParsers(): void;
  addContentTypeParser(type: '*', parser: (request: unknown, payload: unknown, parsed: (error: null) => void) => void): unknown;
  all(path: string, handler: (request: { readonly raw: IncomingMessage }, reply: FastifyReply) => void): unknown;
}

interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Mounts the receiver before the body parsers, which NestJS adds when the application starts to listen. */
export function mountReceiver(adapter: HttpAdapter, path: string, handle: NodeHandler): void {
  if (adapter.getType() !== 'fastify') {
    // The type says which application it is.
    (adapter.getInstance() as ExpressApplication).use(path, handle);
    return;
  }
  const application = adapter.getInstance() as FastifyApplication;
  // A separate scope, so that other routes still have their parsers.
  application.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null);
    });
    for (const route of [path, `${path.replace(/\/$/, '')}/*`]) {
      scope.all(route, (request, reply) => {
        reply.hijack();
        void handle(request.raw, reply.raw);
      });
    }
    done();
  });
}
