import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { summarizeBody } from '../testing/emulator/log/about-delivery.js';
import { readBody } from '../testing/read-request-body.js';
import { parseUrl } from '../runtime/parse-url.js';
import { signBody } from '../webhooks/sign.js';
import {
  describeUrlProblem,
  describeUsage,
  describeUsageError,
  exitDone,
  exitFailed,
  exitUsage,
  type Command,
  type CommandContext,
} from './command.js';
import { createPaint, timeOf, type Paint } from './terminal.js';

const help = `Usage: wa-coexist listen [--port N] [--forward-to URL] [--emulator URL] [--secret SECRET] [--verify-token TOKEN]

Receives webhooks, prints one line per webhook, and forwards them to your program. It is the receiver of a running emulator, or of Meta
behind a tunnel.

--port N              3456 by default. 0 selects any free port
--forward-to URL      the address of your program. The sender gets its response. Without it, each webhook gets a 200
--emulator URL        makes this command the receiver of the emulator at URL
--secret SECRET       the app secret, to check signatures. The default is the environment variable WHATSAPP_APP_SECRET
--verify-token TOKEN  accepts Meta's handshake with this token. The default is WHATSAPP_VERIFY_TOKEN
--env-file FILE       reads environment variables from a file

Example: wa-coexist listen --emulator http://127.0.0.1:4004 --forward-to http://127.0.0.1:3000/webhook`;

const maxBodyBytes = 4 * 1_024 * 1_024;
const forwardTimeoutMs = 30_000;

/** `wa-coexist listen`. */
export const listenCommand: Command = {
  summary: 'receives webhooks, prints them, and forwards them to your program',
  help,
  endsOnSignal: true,
  async run(args, context) {
    const options = readArguments(args, context.env);
    if (typeof options === 'string') {
      context.writeError(describeUsage('listen', options, help));
      return exitUsage;
    }
    const server = createServer((request, response) => {
      receive(request, response, options, context).catch(() => {
        response.destroy();
      });
    });
    try {
      const url = await start(server, options.port);
      if (options.emulator !== undefined) await becomeReceiver(options.emulator, url, context.fetch);
      context.write(`Webhooks are received at ${url}${options.forwardTo === undefined ? '' : ` and forwarded to ${options.forwardTo}`}`);
      await new Promise<void>((resolve) => {
        if (context.signal.aborted) resolve();
        context.signal.addEventListener(
          'abort',
          () => {
            resolve();
          },
          { once: true },
        );
      });
      return exitDone;
    } catch (error) {
      context.writeError(`wa-coexist listen: ${describeFailure(error, options.port)}`);
      return exitFailed;
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
};

interface ListenOptions {
  readonly port: number;
  readonly forwardTo: string | undefined;
  readonly emulator: string | undefined;
  readonly secret: string | undefined;
  readonly verifyToken: string | undefined;
}

async function receive(request: IncomingMessage, response: ServerResponse, options: ListenOptions, context: CommandContext): Promise<void> {
  const paint = createPaint(context.colors ?? 'plain');
  const url = parseUrl(`http://localhost${request.url ?? '/'}`);
  if (request.method === 'GET') {
    const isValid = options.verifyToken !== undefined && url?.searchParams.get('hub.verify_token') === options.verifyToken;
    response.writeHead(isValid ? 200 : 403).end(isValid ? (url.searchParams.get('hub.challenge') ?? '') : '');
    context.write(line(paint, isValid ? 200 : 403, 'handshake', ''));
    return;
  }
  const received = await readBody(request, maxBodyBytes);
  if (received === undefined) {
    response.writeHead(413).end();
    return;
  }
  const body = new Uint8Array(received);
  const signature = String(request.headers['x-hub-signature-256'] ?? '');
  const text = new TextDecoder().decode(body);
  const isSigned = options.secret === undefined || signBody(body, options.secret) === signature;
  const result = isSigned ? await forward(body, signature, options, context.fetch) : { status: 401, text: 'the signature is invalid' };
  response.writeHead(result.status, { 'content-type': 'text/plain; charset=utf-8' }).end(result.text);
  context.write(line(paint, result.status, describe(text), result.status === 200 ? '' : result.text));
}

interface ForwardResult {
  readonly status: number;
  readonly text: string;
}

async function forward(
  body: Uint8Array<ArrayBuffer>,
  signature: string,
  { forwardTo }: ListenOptions,
  fetch: CommandContext['fetch'],
): Promise<ForwardResult> {
  if (forwardTo === undefined) return { status: 200, text: '' };
  try {
    const response = await fetch(forwardTo, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(forwardTimeoutMs),
    });
    return { status: response.status, text: (await response.text()).slice(0, 2_000) };
  } catch {
    return { status: 502, text: 'your program did not respond' };
  }
}

function line(paint: Paint, status: number, about: string, text: string): string {
  const parts = [
    paint('gray', timeOf(new Date())),
    paint('green', '->'),
    paint(status === 200 ? 'green' : 'red', String(status)),
    paint('bold', about),
    text.replace(/\p{Cc}+/gu, ' ').slice(0, 200),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function describe(body: string): string {
  try {
    return summarizeBody(body).about;
  } catch {
    return 'a body that is no webhook';
  }
}

async function start(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  const address = server.address() as AddressInfo;
  return `http://127.0.0.1:${String(address.port)}/`;
}

async function becomeReceiver(emulator: string, url: string, fetch: CommandContext['fetch']): Promise<void> {
  const response = await fetch(`${emulator.replace(/\/$/, '')}/emulator/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ do: 'receiver.set', url }),
  }).catch(() => undefined);
  if (!response?.ok) throw new Error(`no emulator responds at ${emulator}. Start one with wa-coexist emulator.`);
}

function describeFailure(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${String(port)} is in use. Choose another port with --port, or any free port with --port 0.`;
  return error instanceof Error ? error.message : String(error);
}

/** Returns the options, or a description of the problem. */
function readArguments(args: readonly string[], env: CommandContext['env']): ListenOptions | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3456' },
        'forward-to': { type: 'string' },
        emulator: { type: 'string' },
        secret: { type: 'string' },
        'verify-token': { type: 'string' },
      },
    }));
  } catch (error) {
    return describeUsageError(error);
  }
  const { port, 'forward-to': forwardTo, emulator } = values;
  const { secret = env['WHATSAPP_APP_SECRET'], 'verify-token': verifyToken = env['WHATSAPP_VERIFY_TOKEN'] } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port ${JSON.stringify(port)} is no port.`;
  const problem =
    (forwardTo === undefined ? undefined : describeUrlProblem('--forward-to', forwardTo)) ??
    (emulator === undefined ? undefined : describeUrlProblem('--emulator', emulator));
  if (problem !== undefined) return problem;
  return { port: Number(port), forwardTo, emulator, secret: secret === '' ? undefined : secret, verifyToken };
}
