import { visit } from '../visit.ts';
import { handler } from './handler.ts';

/** Invokes the function as AWS does for a request to its URL. */
async function invoke(request: Request): Promise<Response> {
  const { hostname, pathname, search } = new URL(request.url);
  const result = await handler({
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(request.headers),
    requestContext: { domainName: hostname, http: { method: request.method } },
    ...(request.method === 'POST' && { body: Buffer.from(await request.arrayBuffer()).toString('base64') }),
    isBase64Encoded: request.method === 'POST',
  });
  return new Response(result.body, { status: result.statusCode });
}

await visit(invoke);
