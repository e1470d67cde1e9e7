import { listenReady } from '../../meta/ready-fake.js';

/** The behavior for one request: a normal response, a response that is lost after acceptance, or a delayed one. */
export type Plan = 'answer' | 'cut-after' | Promise<void>;

/** Starts the fake Cloud API on a real socket. Each number accepts `cap` messages in any trailing second. */
export async function startMeta(cap: number, planOf: (text: string) => Plan = () => 'answer') {
  const server = await listenReady({ throughput: cap }, async (text, respond) => {
    const response = await respond();
    const plan = response.cut || response.status !== 200 ? 'answer' : planOf(text);
    if (plan === 'cut-after') return { cut: true };
    if (plan !== 'answer') await plan;
    return response;
  });
  const { url, fake, accessToken, accepted: taken, rejected, idOf } = server;
  return {
    url,
    accessToken,
    taken,
    idOf,
    get refused() {
      return rejected.length;
    },
    /** The maximum number of messages of any number within a second. */
    worstSecond: (): number => Math.max(0, ...Array.from(new Set(taken.map(({ from }) => from)), (from) => fake.maxInOneSecond(from))),
    close: () => server.close(),
  };
}
