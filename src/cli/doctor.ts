import { createClient } from '../client/create-client.js';
import { runPreflight, type PreflightCheck, type PreflightSubject } from '../coexistence/onboarding/preflight.js';
import { adviceOnProblems } from '../errors/coexistence-errors.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import { listPhoneNumbers } from '../phone-numbers/list-phone-numbers.js';
import { isCoexistenceNumber } from '../phone-numbers/phone-number.js';
import { defined } from '../runtime/json.js';
import { exitDone, exitFailed, type CommandSurroundings } from './command.js';

/** Whom to examine, and how to tell. */
export interface Patient {
  readonly wabaId: string;
  readonly phoneNumberId: string | undefined;
  readonly accessToken: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly baseUrl: string | undefined;
  /** Callbacks of their own that are all right. */
  readonly callbackUrls: readonly string[];
  readonly asJson: boolean;
}

/** A number of the account. */
interface SeenNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string | undefined;
  readonly coexistence: boolean;
}

const titles: Readonly<Record<PreflightSubject, string>> = {
  'webhook-fields': 'webhook fields of the app',
  subscription: 'subscription to the account',
  token: 'token and its scopes',
  number: 'number on app and Cloud API',
  'number-callback': 'callback of the number',
};

/** Runs the preflight, which only reads, and tells what it found. Resolves with the exit code. */
export async function examine(patient: Patient, { write, fetch }: CommandSurroundings): Promise<number> {
  const { wabaId, phoneNumberId, callbackUrls, asJson, accessToken, appId, appSecret, baseUrl } = patient;
  const client = createClient(defined({ accessToken, appId, appSecret, baseUrl, fetch }));
  const { checks, problems, tokenExpiresAt } = await runPreflight(client, {
    wabaId,
    callbackUrls,
    ...(phoneNumberId !== undefined && { phoneNumberId }),
  });
  const numbers: SeenNumber[] = [];
  if (phoneNumberId === undefined) {
    try {
      const fields = ['id', 'display_phone_number', 'is_on_biz_app', 'platform_type'];
      for await (const number of listPhoneNumbers(client.for({ wabaId }), { fields })) {
        numbers.push({
          phoneNumberId: number.id,
          displayPhoneNumber: number.display_phone_number,
          coexistence: isCoexistenceNumber(number),
        });
      }
    } catch (error) {
      // The checks tell the same of the account.
      if (!(error instanceof WhatsAppError)) throw error;
    }
  }
  const isWell = checks.every(({ outcome }) => outcome === 'ok');
  if (asJson) {
    const seen = checks.map(({ error, ...check }) => ({ ...check, ...(error && { error: wordsOf(error) }) }));
    write(JSON.stringify({ ok: isWell, wabaId, phoneNumberId, tokenExpiresAt, checks: seen, numbers, advice: adviceOnProblems(problems) }));
    return isWell ? exitDone : exitFailed;
  }
  for (const check of checks) write(lineOf(check));
  if (tokenExpiresAt !== undefined)
    write(`the token ${tokenExpiresAt === 'never' ? 'does not expire' : `expires on ${tokenExpiresAt.toISOString()}`}`);
  for (const number of numbers) {
    write(
      `number   ${number.phoneNumberId} ${number.displayPhoneNumber ?? ''}: ${number.coexistence ? 'on app and Cloud API' : 'not a coexistence number'}`,
    );
  }
  for (const advice of adviceOnProblems(problems)) write(`-> ${advice}`);
  write(isWell ? 'All is well.' : 'Nothing was changed.');
  return isWell ? exitDone : exitFailed;
}

function lineOf({ subject, outcome, error }: PreflightCheck): string {
  return `${outcome.padEnd(8)} ${titles[subject]}${error ? `: ${wordsOf(error)}` : ''}`;
}

/** Errors of the library hold no secret; of others nobody knows. */
function wordsOf(error: Error): string {
  return error instanceof WhatsAppError ? error.message : 'it failed for a reason outside the library';
}
