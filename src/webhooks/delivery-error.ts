/** The key under which a response carries the error, the same in every copy of the package. */
const key = Symbol.for('wa-coexist.delivery-error');

/** Attaches to a response the reason why the delivery failed, for test tools in the same process. It never goes over the network. */
export function attachDeliveryError(response: Response, error: unknown): Response {
  return Object.defineProperty(response, key, { value: error });
}

/** Reads the reason that {@link attachDeliveryError} attached; `undefined` if there is none. */
export function deliveryErrorOf(response: Response): unknown {
  return Object.getOwnPropertyDescriptor(response, key)?.value;
}
