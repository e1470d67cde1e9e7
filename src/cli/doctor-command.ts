import { parseArgs } from 'node:util';
import { describeUrlProblem, describeUsageError, exitUsage, type Command, type CommandSurroundings } from './command.js';
import { examine, type Patient } from './doctor.js';

const help = `Usage: wa-coexist doctor [--waba ID] [--phone-number ID] [--base-url URL] [--callback-url URL]… [--json]

Looks whether a coexistence number is fit to be onboarded and to be synced: webhook fields, subscription, callbacks that lead elsewhere,
token, scopes, and the number itself. It only reads: nothing is subscribed, registered, or asked for that can be asked for once.

--waba ID            the WhatsApp Business Account        (or WHATSAPP_BUSINESS_ACCOUNT_ID)
--phone-number ID    Graph id of the number               (or WHATSAPP_PHONE_NUMBER_ID); without it the numbers of the account are listed
--base-url URL       another Graph API, such as the emulator (or WHATSAPP_BASE_URL)
--callback-url URL   a callback that the account or the number may have of its own; can be given several times
--json               one line of JSON instead of text

Secrets are read from the environment alone: WHATSAPP_ACCESS_TOKEN, WHATSAPP_APP_ID, WHATSAPP_APP_SECRET.

The exit code is 0 if all is well, 1 if something is wrong or could not be read, and 2 if the command line was not understood.

Example: wa-coexist doctor --waba 102290129340398 --phone-number 106540352242922`;

/** `wa-coexist doctor`. */
export const doctorCommand: Command = {
  summary: 'looks, without changing anything, what is wrong with a coexistence number',
  help,
  run(args, surroundings) {
    const patient = readArguments(args, surroundings.env);
    if (typeof patient !== 'string') return examine(patient, surroundings);
    surroundings.writeError(`wa-coexist doctor: ${patient}\n\n${help}`);
    return Promise.resolve(exitUsage);
  },
};

/** What the arguments and the environment ask for, or what is wrong with them. */
function readArguments(args: readonly string[], env: CommandSurroundings['env']): Patient | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: {
        waba: { type: 'string' },
        'phone-number': { type: 'string' },
        'base-url': { type: 'string' },
        'callback-url': { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return describeUsageError(error);
  }
  const { values } = parsed;
  const given = (value: string | undefined, name: string): string | undefined => value ?? (env[name] === '' ? undefined : env[name]);
  const wabaId = given(values.waba, 'WHATSAPP_BUSINESS_ACCOUNT_ID');
  const accessToken = given(undefined, 'WHATSAPP_ACCESS_TOKEN');
  const appId = given(undefined, 'WHATSAPP_APP_ID');
  const appSecret = given(undefined, 'WHATSAPP_APP_SECRET');
  const phoneNumberId = given(values['phone-number'], 'WHATSAPP_PHONE_NUMBER_ID');
  const baseUrl = given(values['base-url'], 'WHATSAPP_BASE_URL');
  if (wabaId === undefined) return '--waba is missing: the id of the WhatsApp Business Account.';
  if (accessToken === undefined) return 'the variable WHATSAPP_ACCESS_TOKEN is missing: the business token that Embedded Signup gave.';
  if (appId === undefined) return 'the variable WHATSAPP_APP_ID is missing (App Dashboard, Settings, Basic).';
  if (appSecret === undefined) return 'the variable WHATSAPP_APP_SECRET is missing (App Dashboard, Settings, Basic).';
  const urlProblem = baseUrl === undefined ? undefined : describeUrlProblem('--base-url', baseUrl);
  if (urlProblem !== undefined) return urlProblem;
  return {
    wabaId,
    accessToken,
    appId,
    appSecret,
    phoneNumberId,
    baseUrl,
    callbackUrls: values['callback-url'] ?? [],
    asJson: values.json,
  };
}
