import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { systemClock, wait } from '../../runtime/clock.js';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** Where the webhooks of the emulator go: an address that can be changed while it runs. */
export interface Receiver {
  readonly url: string | undefined;
  /** Sends webhooks there from now on. @throws `InvalidArgumentError` if it is no http or https address. */
  set(url: string): void;
  /** Resolves when no request is in flight, or after a moment, because a receiver can be slow. */
  rest(): Promise<void>;
}

/** Maximum time that the clock waits for responses while it is advanced. */
const patienceMs = 250;

/** Connects a fake with a receiver that is not known yet. */
export function createReceiver(fake: FakeCloudApi): Receiver {
  let url: URL | undefined;
  let underWay = 0;
  const post = async (request: Request): Promise<Response> => {
    if (!url) return new Response(null, { status: 502 });
    const target = new URL(url);
    // The handshake has query parameters.
    for (const [name, value] of new URL(request.url).searchParams) target.searchParams.append(name, value);
    underWay += 1;
    try {
      const body = request.method === 'GET' ? {} : { body: await request.arrayBuffer() };
      return await fetch(target, { method: request.method, headers: request.headers, redirect: 'manual', signal: request.signal, ...body });
    } finally {
      underWay -= 1;
    }
  };
  return {
    get url() {
      return url?.href;
    },
    set(address) {
      const parsed = parseUrl(address);
      if (!parsed || !/^https?:$/.test(parsed.protocol))
        throw new InvalidArgumentError('receiver.set', 'url', 'is no http or https address');
      url = parsed;
      fake.deliverTo(post, { callbackUrl: parsed.href });
    },
    async rest() {
      const untilMs = systemClock.monotonic() + patienceMs;
      while (underWay > 0 && systemClock.monotonic() < untilMs) await wait(systemClock, 5);
    },
  };
}
