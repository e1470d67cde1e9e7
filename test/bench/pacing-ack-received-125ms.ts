import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '200 messages at 20 a second, 0 to 125 ms each way, pacing by answers, refused ones count',
  cap: 20,
  jitterMs: 125,
  counts: 'received',
  messages: 200,
  pacing: 'ack',
  usedAtLeast: 80,
  refusedAtMost: 0,
  onlyInFull: true,
});
