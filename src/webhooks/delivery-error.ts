/** Key of the error in a response. It is the same in all copies of the package. */
const key = Symbol.for('wa-coexist.delivery-error');

/**
 * Attaches the reason of a failed delivery to a response, for test tools in the same process. It is never sent over the
 * network.
 */
export function attachDeliveryError(response: Response, error: unknown): Response {
  return Object.defineProperty(response, key, { value: error });
}

/** Reads the reason that {@link attachDeliveryError} attached. Returns `undefined` if there is none. */
export function deliveryErrorOf(response: Response): unknown {
  return Object.getOwnPropertyDescriptor(response, key)?.value;
}
