import type { RejectedOnCoexistenceNumbers } from '../client/non-coexistence-client.js';

/** An action without its first parameter, the client. Methods of {@link WhatsApp} have this type. */
export type BoundAction<Action> = Action extends (client: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/**
 * An action that Meta rejects on a coexistence number. You can't call it if the client's `coexistence` has the literal
 * type `true`.
 */
export type BoundUnlessCoexistence<Action, Coexistence extends boolean> = [Coexistence] extends [true]
  ? RejectedOnCoexistenceNumbers
  : BoundAction<Action>;
