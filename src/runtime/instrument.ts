/**
 * Wraps each operation of the library, for example in a span of a tracer. Operation names are fixed and contain no IDs,
 * for example `graph.request`, `webhooks.handle` and `sender.send`.
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

/** Runs the work without a wrapper. Default of every `instrument` option. */
export const noInstrument: Instrument = (_operation, run) => run();
