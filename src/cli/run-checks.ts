import { createClient } from '../client/create-client.js';
import type { Client } from '../client/client.js';
import { runPreflight, type PreflightCheck, type PreflightSubject } from '../coexistence/onboarding/preflight.js';
import { adviceOnProblems } from '../errors/coexistence-errors.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import { listPhoneNumbers } from '../phone-numbers/list-phone-numbers.js';
import { isCoexistenceNumber, type PhoneNumber } from '../phone-numbers/phone-number.js';
import { defined } from '../runtime/json.js';
import { checkCallback, type CallbackCheck } from './check-callback.js';
import { exitDone, exitFailed, type CommandContext } from './command.js';

/** The account and the number to check, and the format of the result. */
export interface DoctorTarget {
  readonly wabaId: string;
  readonly phoneNumberId: string | undefined;
  readonly accessToken: string;
  readonly appId: string;
  readonly appSecret: string;
  /** Tests the callback URL. @defaultValue the test is skipped */
  readonly verifyToken: string | undefined;
  readonly baseUrl: string | undefined;
  /** Expected callback URLs of the account and the number. */
  readonly callbackUrls: readonly string[];
  readonly asJson: boolean;
}

/** A number of the account. */
interface ListedNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string | undefined;
  readonly verifiedName: string | undefined;
  readonly coexistence: boolean;
}

const titles: Readonly<Record<PreflightSubject | CallbackCheck['subject'], string>> = {
  'webhook-fields': 'webhook fields of the app',
  subscription: 'subscription to the account',
  token: 'token and its scopes',
  number: 'number on app and Cloud API',
  'number-callback': 'callback URL of the number',
  'app-callback': 'callback URL of the app',
  handshake: 'handshake with the receiver',
};

/**
 * Runs the preflight and the checks of the callback URL, which are read-only, and prints their results.
 *
 * @param target - The account and the number.
 * @param context - The output and the network of the command.
 * @returns the exit code
 */
export async function runChecks(target: DoctorTarget, context: CommandContext): Promise<number> {
  const { write, fetch } = context;
  const { wabaId, phoneNumberId, callbackUrls, asJson, accessToken, appId, appSecret, verifyToken, baseUrl } = target;
  const client = createClient(defined({ accessToken, appId, appSecret, baseUrl, fetch }));
  const { checks, problems, tokenExpiresAt } = await runPreflight(client, {
    wabaId,
    callbackUrls,
    ...(phoneNumberId !== undefined && { phoneNumberId }),
  });
  const callback = await checkCallback(client, { appId, verifyToken }, context);
  const numbers = await readNumbers(client.for({ wabaId }), phoneNumberId);
  const advice = adviceOnProblems(problems);
  const isWell =
    checks.every(({ outcome }) => outcome === 'ok') && callback.every(({ outcome }) => outcome === 'ok' || outcome === 'skipped');
  if (asJson) {
    const found = [...checks.map(({ error, ...check }) => ({ ...check, ...(error && { error: describeError(error) }) })), ...callback];
    write(JSON.stringify({ ok: isWell, wabaId, phoneNumberId, tokenExpiresAt, checks: found, numbers, advice }));
    return isWell ? exitDone : exitFailed;
  }
  for (const { phoneNumberId: id, displayPhoneNumber = '', verifiedName, coexistence } of numbers) {
    const name = verifiedName === undefined ? '' : `, ${verifiedName}`;
    write(`number   ${id} ${displayPhoneNumber}${name}: ${coexistence ? 'on app and Cloud API' : 'not a coexistence number'}`);
  }
  for (const check of checks) write(describeCheck(check));
  for (const { subject, outcome, detail } of callback) write(`${outcome.padEnd(8)} ${titles[subject]}: ${detail}`);
  if (tokenExpiresAt !== undefined)
    write(tokenExpiresAt === 'never' ? "The token doesn't expire." : `The token expires on ${tokenExpiresAt.toISOString()}.`);
  for (const line of advice) write(`-> ${line}`);
  write(isWell ? 'No problems found.' : 'The command changed nothing.');
  return isWell ? exitDone : exitFailed;
}

/** Returns the given number, or all numbers of the account. If the request fails, the checks report the same error. */
async function readNumbers(client: Client, phoneNumberId: string | undefined): Promise<readonly ListedNumber[]> {
  const fields = ['id', 'display_phone_number', 'verified_name', 'is_on_biz_app', 'platform_type'];
  const numbers: ListedNumber[] = [];
  const add = (id: string, number: PhoneNumber): void => {
    numbers.push({
      phoneNumberId: id,
      displayPhoneNumber: number.display_phone_number,
      verifiedName: number.verified_name,
      coexistence: isCoexistenceNumber(number),
    });
  };
  try {
    if (phoneNumberId === undefined) for await (const number of listPhoneNumbers(client, { fields })) add(number.id, number);
    else add(phoneNumberId, await getPhoneNumber(client.for({ phoneNumberId }), { fields }));
  } catch (error) {
    if (!(error instanceof WhatsAppError)) throw error;
  }
  return numbers;
}

function describeCheck({ subject, outcome, error }: PreflightCheck): string {
  return `${outcome.padEnd(8)} ${titles[subject]}${error ? `: ${describeError(error)}` : ''}`;
}

/** Only errors of the library are free of secrets. */
function describeError(error: Error): string {
  return error instanceof WhatsAppError ? error.message : 'the check failed for a reason outside the library';
}
