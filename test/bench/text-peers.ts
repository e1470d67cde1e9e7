import type { Store } from 'wa-coexist';
import type { Figure } from './harness/figure.ts';
import { kapso } from './peers/kapso.ts';
import { textsPerSecond } from './peers/texts-per-second.ts';
import { receiverOn } from './peers/wa-coexist.ts';
import { whatsappApiJs } from './peers/whatsapp-api-js.ts';

/** Remembers nothing, as the peers do: copies are handled again. */
const forgetful: Store = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve({ written: true, version: '1' }),
  setIfAbsent: () => Promise.resolve({ written: true, version: '1' }),
  delete: () => Promise.resolve(false),
  list: () => Promise.resolve([]),
  batch: () => Promise.resolve([]),
};

/** The same requests through each library: signature, parse, one handler. */
export const figure: Figure = {
  name: 'texts a second through webhooks.fetch, to the faster of two peers',
  target: { above: 1 },
  async run() {
    const rates = await textsPerSecond(
      new Map([
        ['ours', receiverOn()],
        ['ours without telling copies', receiverOn(forgetful)],
        [kapso.name, await kapso.receiver()],
        [whatsappApiJs.name, await whatsappApiJs.receiver()],
      ]),
    );
    const rate = (name: string): number => rates.get(name) ?? Number.NaN;
    return {
      value: rate('ours') / Math.max(rate(kapso.name), rate(whatsappApiJs.name)),
      unit: '×',
      details: Object.fromEntries([...rates].map(([name, perSecond]) => [`${name} a second`, perSecond])),
    };
  },
};
