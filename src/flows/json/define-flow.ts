import { checkObject } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FlowJson } from './flow-json.js';
import { lintFlow, type LintFlowOptions } from './lint-flow.js';

/** Maximum number of errors in the message of an exception. */
const listedErrors = 10;

/**
 * Builds the JSON of a Flow. The compiler checks the components, their properties, and the screens that actions and
 * `routing_model` name. At runtime, it checks all rules of {@link lintFlow}: limits, references such as
 * `${screen.DETAILS.form.name}`, the routing model and terminal screens. Warnings don't throw.
 *
 * Pass the result to `createFlow` or `uploadFlowJson`, or write it to a file for `wa-coexist flows publish`.
 *
 * @param flow - The Flow. See {@link FlowJson}.
 * @param options - `asOf` selects the rules of a day.
 * @returns The same Flow, with the literal types of its screen IDs.
 * @throws `InvalidArgumentError` with the path and the rule of each error
 *
 * @example
 * ```ts
 * import { defineFlow } from 'wa-coexist/flows';
 *
 * const booking = defineFlow({
 *   version: '7.3',
 *   screens: [
 *     {
 *       id: 'DETAILS',
 *       title: 'Your table',
 *       terminal: true,
 *       layout: {
 *         type: 'SingleColumnLayout',
 *         children: [
 *           { type: 'TextInput', name: 'guest', label: 'Name', required: true },
 *           {
 *             type: 'Footer',
 *             label: 'Book',
 *             'on-click-action': { name: 'complete', payload: { guest: '${form.guest}' } },
 *           },
 *         ],
 *       },
 *     },
 *   ],
 * });
 * console.log(JSON.stringify(booking));
 * ```
 */
export function defineFlow<const ScreenId extends string>(flow: FlowJson<ScreenId>, options: LintFlowOptions = {}): FlowJson<ScreenId> {
  checkObject('defineFlow', 'flow', flow);
  const errors = lintFlow(flow, options).filter(({ severity }) => severity === 'error');
  const [first, ...others] = errors;
  if (first) {
    const listed = others.slice(0, listedErrors - 1).map(({ path, message }) => `${path} ${message}`);
    const rest = errors.length > listedErrors ? [`and ${String(errors.length - listedErrors)} more`] : [];
    throw new InvalidArgumentError('defineFlow', first.path === '' ? 'flow' : first.path, [first.message, ...listed, ...rest].join('; '));
  }
  return flow;
}
