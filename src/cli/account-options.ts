import { describeUrlProblem, type CommandContext } from './command.js';

/** The account of a command, with its connection settings. */
export interface AccountOptions {
  readonly wabaId: string;
  readonly accessToken: string;
  readonly baseUrl: string | undefined;
}

/**
 * Reads the account from the options and the environment.
 *
 * @param values - The options of the command line.
 * @param env - The environment variables.
 * @param alternative - Advice for users without an account, if there is any.
 * @returns the account, or the problem
 */
export function readAccountOptions(
  values: { readonly waba?: string; readonly 'base-url'?: string },
  env: CommandContext['env'],
  alternative = '',
): AccountOptions | string {
  const given = (value: string | undefined, name: string): string | undefined => value ?? (env[name] === '' ? undefined : env[name]);
  const wabaId = given(values.waba, 'WHATSAPP_BUSINESS_ACCOUNT_ID');
  const accessToken = given(undefined, 'WHATSAPP_ACCESS_TOKEN');
  const baseUrl = given(values['base-url'], 'WHATSAPP_BASE_URL');
  if (wabaId === undefined) return `--waba is missing: the ID of the WhatsApp Business Account.${alternative}`;
  if (accessToken === undefined) return 'the variable WHATSAPP_ACCESS_TOKEN is missing.';
  const urlProblem = baseUrl === undefined ? undefined : describeUrlProblem('--base-url', baseUrl);
  return urlProblem ?? { wabaId, accessToken, baseUrl };
}
