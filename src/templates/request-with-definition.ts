import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { readInPromise } from '../client/parameters.js';
import { checkOneOf } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { lintTemplate, type LintableTemplate } from './lint/lint-template.js';

/** Whether an action checks a template before the request. */
export type TemplateLint = 'error' | 'off';

/**
 * Sends a request with the definition of a template or with changes to it. Lints the definition first, unless the
 * caller turned that off or the client has `validate: false`.
 *
 * @param action - Name of the action in error messages.
 * @throws `InvalidArgumentError`, `GraphApiError` and the connection errors of `Client.request`, all as rejections.
 */
export function requestWithDefinition<Data>(
  action: string,
  client: Client,
  { definition, lint }: { readonly definition: LintableTemplate; readonly lint: TemplateLint | undefined },
  request: GraphRequest,
  options: RequestOptions,
): ApiPromise<Data> {
  const send = async (): Promise<ApiResult<Data>> => {
    checkOneOf(action, 'lint', lint, ['error', 'off']);
    if (client.validate && lint !== 'off') rejectErrors(action, definition);
    return client.request<Data>(request, options).withResponse();
  };
  return new ApiPromise(readInPromise(action, send()));
}

/** @throws `InvalidArgumentError` for the first error. Its text contains the other errors. */
function rejectErrors(action: string, definition: LintableTemplate): void {
  const [first, ...others] = lintTemplate(definition).filter(({ severity }) => severity === 'error');
  if (!first) return;
  const more = others.length === 0 ? '' : `. Also: ${others.map(({ path, message }) => `${path} ${message}`).join('; ')}`;
  throw new InvalidArgumentError(action, first.path, `${first.message} (${first.source})${more}`);
}
