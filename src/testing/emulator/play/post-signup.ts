import { parseUrl } from '../../../runtime/parse-url.js';
import type { FakeSignup } from '../../fake/fake-cloud-api.js';
import type { SignupResult } from '../view.js';

const timeoutMs = 15_000;
const maxCharacters = 2_000;

/**
 * Posts the code and the session event to a program, as its own page would after Embedded Signup.
 *
 * @throws `Error` if `url` is no http or https address.
 */
export async function postSignup({ code, sessionEvent }: FakeSignup, url: string): Promise<NonNullable<SignupResult['posted']>> {
  const target = parseUrl(url);
  if (!target || !/^https?:$/.test(target.protocol)) throw new Error('The address of your program is no http or https address.');
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, sessionEvent }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { url: target.href, status: response.status, text: (await response.text()).slice(0, maxCharacters) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { url: target.href, text: cause instanceof Error ? cause.message : String(cause) };
  }
}
