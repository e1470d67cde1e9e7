/**
 * Wraps each operation of the library, so that a tracer can open a span around it and its context reaches the work inside.
 * Operation names are few and fixed (`graph.request`, `webhooks.handle`, `sender.send`), never built from ids.
 *
 * @example
 * ```ts
 * import { createClient, type Instrument } from 'wa-coexist';
 *
 * const timed: Instrument = async (operation, run) => {
 *   const startedAt = performance.now();
 *   try {
 *     return await run();
 *   } finally {
 *     console.log(operation, performance.now() - startedAt);
 *   }
 * };
 * createClient({ accessToken: 'token', phoneNumberId: '106540352242922', instrument: timed });
 * ```
 */
export type Instrument = <Result>(operation: string, run: () => Promise<Result>) => Promise<Result>;

/** Runs the work and nothing else: the default of every `instrument` option. */
export const noInstrument: Instrument = (_operation, run) => run();
