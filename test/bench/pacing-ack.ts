import { pacingFigure } from './pacing/pacing-figure.ts';

export const figure = pacingFigure({
  name: '200 messages at 20 a second, 0 to 50 ms each way, pacing by answers',
  cap: 20,
  jitterMs: 50,
  counts: 'accepted',
  messages: 200,
  pacing: 'ack',
  usedAtLeast: 90,
  refusedAtMost: 0,
  onlyInFull: true,
});
