import fastify from 'fastify';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { port, visitServer } from '../visit.ts';
import { webhooks } from '../webhooks.ts';

const app = fastify();
const receive = toNodeHandler(webhooks);
// A scope of its own in which nothing is parsed: Meta signs the bytes, and a parser leaves none.
await app.register((scope, _options, done) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null);
  });
  scope.all('/webhook', (request, reply) => {
    reply.hijack();
    void receive(request.raw, reply.raw);
  });
  done();
});

await app.listen({ port });
await visitServer(app.server, () => app.close());
