import { compare, type Contender } from '../harness/compare.ts';
import { requestOf, textDelivery } from '../harness/deliveries.ts';
import type { Receiver } from './library.ts';

const batch = 250;
const rounds = 60;
/** Rounds until the code is compiled. The compiler threads run in parallel and count. */
const warmUpRounds = 100;

/**
 * Returns the texts that each receiver handles per second of processor time. All receive the same requests: signature,
 * parsing and one handler.
 */
export async function textsPerSecond(receivers: ReadonlyMap<string, Receiver>): Promise<ReadonlyMap<string, number>> {
  let made = 0;
  const contenders = [...receivers].map(([name, { receive }]): readonly [string, Contender] => [
    name,
    () => {
      const requests = Array.from({ length: batch }, () => requestOf(textDelivery((made += 1))));
      return async () => {
        for (const request of requests) {
          const { response, told } = await receive(request);
          if (response.status !== 200 || told.length !== 1) throw new Error(`${name} lost a message.`);
        }
      };
    },
  ]);
  const medians = await compare(Object.fromEntries(contenders), { rounds, warmUpRounds });
  return new Map(Object.entries(medians).map(([name, ms]) => [name, batch / (ms / 1_000)]));
}
