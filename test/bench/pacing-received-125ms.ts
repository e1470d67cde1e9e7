import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '400 messages at 20 a second, 0 to 125 ms each way, refused ones count',
  cap: 20,
  jitterMs: 125,
  counts: 'received',
  messages: 400,
  usedAtLeast: 86,
  refusedAtMost: 2,
  onlyInFull: true,
});
