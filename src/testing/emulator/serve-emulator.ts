import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseUrl } from '../../runtime/parse-url.js';
import { serveGraph } from '../serve-graph.js';
import type { Access } from './access.js';
import { pageRoutes, type PageContext } from './page-routes.js';
import type { RunningClock } from './running-clock.js';
import { sdkScript } from './sdk-script.js';
import { sendAsset } from './send-asset.js';
import { sendText } from './send.js';

/**
 * Responds to one request: the page and its assets, the routes of the page, Meta's `sdk.js`, or the Graph API.
 *
 * @param access - Decides which hosts and origins are allowed.
 */
export async function serveEmulator(
  context: PageContext,
  time: RunningClock,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await time.catchUp();
  const { host: requestedHost, origin } = request.headers;
  if (!access.allowsHost(requestedHost)) {
    sendText(response, 403, 'The emulator is not reached by this host name. Name it with --allowed-host (option allowedHosts).');
    return;
  }
  const target = parseUrl(`http://${requestedHost ?? ''}${request.url ?? '/'}`);
  if (!target) {
    sendText(response, 400, 'The path is not valid.');
    return;
  }
  const { pathname, searchParams } = target;
  const [folder, name = '', item = ''] = pathname.slice(1).split('/');
  if (pathname === '/' && request.method === 'GET') return sendAsset(response, 'index.html');
  if (folder === 'page') return sendAsset(response, name);
  if (pathname.endsWith('/sdk.js')) {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(sdkScript(target.origin));
    return;
  }
  if (folder !== 'emulator') return serveGraph(context.fake, request, response);
  if (!access.allowsOrigin(origin)) {
    sendText(response, 403, 'Pages of other origins cannot use the emulator.');
    return;
  }
  const key = `${request.method ?? ''} ${name}`;
  const route = Object.hasOwn(pageRoutes, key) ? pageRoutes[key] : undefined;
  if (route) await route(context, { request, response, searchParams, item });
  else sendText(response, 404, 'The emulator has no such page.');
}
