import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '400 messages at 20 a second, 0 to 20 ms each way, refused ones count',
  cap: 20,
  jitterMs: 20,
  counts: 'received',
  messages: 400,
  usedAtLeast: 96,
  refusedAtMost: 0.5,
  onlyInFull: true,
});
