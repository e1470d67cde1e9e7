import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '1,000 messages at 80 a second, 0 to 50 ms each way',
  cap: 80,
  jitterMs: 50,
  counts: 'accepted',
  messages: 1_000,
  usedAtLeast: 93,
  refusedAtMost: 1.5,
  onlyInFull: true,
});
