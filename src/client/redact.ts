/** Query parameters of the Graph API whose values are secrets. */
const secretParameters = /([?&](?:access_token|client_secret|input_token|appsecret_proof|code|pin|fb_exchange_token)=)[^&#\s"']*/gi;

/** What is put where a secret was. */
const placeholder = '[redacted]';

/**
 * Makes a function that takes the given secrets, and the values of secret query parameters, out of a text.
 * Texts shorter than 4 characters are not taken for secrets.
 */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 4);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, placeholder), text.replace(secretParameters, `$1${placeholder}`));
}
