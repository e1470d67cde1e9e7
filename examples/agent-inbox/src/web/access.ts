import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Settings } from '../settings.ts';
import type { ErrorView } from '../views.ts';

const webhookPath = '/webhook';

/** Returns the name of the agent who sent the request. */
export function agentOf(response: Response): string {
  const { agent } = response.locals as { readonly agent?: unknown };
  return typeof agent === 'string' ? agent : 'Agent';
}

/**
 * Middleware for everything except the webhooks, whose signature the receiver checks. It rejects requests for other hosts (DNS
 * rebinding), changes that another site's page requests (CSRF), and people who aren't agents. Replace the last part with your own login.
 */
export function access({ publicUrl, agents }: Settings): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    if (request.path === webhookPath) {
      next();
      return;
    }
    // Most responses contain chats. The pages set their own value.
    response.setHeader('cache-control', 'no-store');
    const origins = publicUrl === undefined ? localOrigins(request.socket.localPort) : [new URL(publicUrl).origin];
    if (!origins.some((origin) => new URL(origin).host === request.headers.host)) {
      reject(response, 403, {
        kind: 'wrong-host',
        message: `Open ${origins[0] ?? ''}.`,
        remedy: 'Set PUBLIC_URL to the address of the pages.',
      });
      return;
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && !origins.includes(request.headers.origin ?? '')) {
      reject(response, 403, { kind: 'wrong-origin', message: 'Only the pages of this application can change something.', remedy: null });
      return;
    }
    // Browsers name the site of a request. Streams and data aren't for other sites, even if they can't read them.
    if (request.headers['sec-fetch-site'] === 'cross-site' && request.path.startsWith('/api/')) {
      reject(response, 403, { kind: 'wrong-origin', message: 'Only the pages of this application can read this.', remedy: null });
      return;
    }
    if (!isRead && request.headers['content-type']?.startsWith('application/json') !== true) {
      reject(response, 415, { kind: 'not-json', message: 'Send JSON.', remedy: 'Set the content type application/json.' });
      return;
    }
    const agent = agents.size === 0 ? 'Agent' : agentFrom(request.headers.authorization, agents);
    if (agent === undefined) {
      response.setHeader('www-authenticate', 'Basic realm="Agent inbox", charset="UTF-8"');
      reject(response, 401, { kind: 'login', message: 'Log in as an agent.', remedy: null });
      return;
    }
    response.locals['agent'] = agent;
    next();
  };
}

function localOrigins(port: number | undefined): readonly string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${String(port)}`);
}

function agentFrom(authorization: string | undefined, agents: ReadonlyMap<string, string>): string | undefined {
  const encoded = /^Basic ([\w+/]+=*)$/.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  // Compare digests, so that the time doesn't depend on the password. Unknown names take the same time.
  const isRight = timingSafeEqual(digest(password.join(':')), digest(agents.get(name) ?? ''));
  return isRight && agents.has(name) ? name : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function reject(response: Response, status: number, error: ErrorView): void {
  response.status(status).json({ error });
}
