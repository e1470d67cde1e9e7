import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { readInPromise } from '../client/parameters.js';
import { checkTemplateDefinition } from './check-template-definition.js';

/**
 * Sends a request with the definition of a template, or changes of it. Checks the definition first, unless the client
 * has `validate: false`.
 *
 * @param action - Name of the action in error messages.
 * @throws `InvalidArgumentError`, `GraphApiError` and the connection errors of `Client.request`, all as rejections.
 */
export function requestWithDefinition<Data>(
  action: string,
  client: Client,
  definition: object,
  request: GraphRequest,
  options: RequestOptions,
): ApiPromise<Data> {
  const send = async (): Promise<ApiResult<Data>> => {
    if (client.validate) checkTemplateDefinition(action, definition);
    return client.request<Data>(request, options).withResponse();
  };
  return new ApiPromise(readInPromise(action, send()));
}
