import { parseArgs } from 'node:util';
import { describeUrlProblem, describeUsage, describeUsageError, exitUsage, type Command, type CommandContext } from './command.js';
import { runChecks, type DoctorTarget } from './run-checks.js';

const help = `Usage: wa-coexist doctor [--waba ID] [--phone-number ID] [--base-url URL] [--callback-url URL]… [--json]

Checks whether a coexistence number can be onboarded and synced: webhook fields, callback URL, subscription, token, scopes, and
the number itself. With a verify token, it sends the same request to the callback URL as Meta does when you set the URL.
It only reads. It doesn't subscribe or register anything, and it doesn't request the one-time syncs.

--waba ID            the WhatsApp Business Account               (or WHATSAPP_BUSINESS_ACCOUNT_ID)
--phone-number ID    ID of the phone number                      (or WHATSAPP_PHONE_NUMBER_ID). Without it, the command lists
                     the numbers of the account
--base-url URL       another Graph API, for example the emulator (or WHATSAPP_BASE_URL)
--callback-url URL   an expected callback URL of the account or the number. You can repeat it
--json               prints one line of JSON instead of text
--env-file FILE      reads environment variables from a file

The command reads secrets only from environment variables: WHATSAPP_ACCESS_TOKEN, WHATSAPP_APP_ID, WHATSAPP_APP_SECRET, and
WHATSAPP_VERIFY_TOKEN for the test of the callback URL.

The exit code is 0 without problems, 1 if a check failed, and 2 if the command line is invalid.

Example: wa-coexist doctor --env-file .env --waba 102290129340398 --phone-number 106540352242922`;

/** `wa-coexist doctor`. */
export const doctorCommand: Command = {
  summary: 'checks the setup of a coexistence number without changing it',
  help,
  run(args, context) {
    const target = readArguments(args, context.env);
    if (typeof target !== 'string') return runChecks(target, context);
    context.writeError(describeUsage('doctor', target, help));
    return Promise.resolve(exitUsage);
  },
};

/** Required values, each with its environment variable and its description. */
const required = {
  wabaId: ['--waba or WHATSAPP_BUSINESS_ACCOUNT_ID', 'the ID of the WhatsApp Business Account'],
  accessToken: ['WHATSAPP_ACCESS_TOKEN', 'an access token with access to the account'],
  appId: ['WHATSAPP_APP_ID', 'the app ID, from the basic settings of the app'],
  appSecret: ['WHATSAPP_APP_SECRET', 'the app secret, from the basic settings of the app'],
} as const;

/** Returns the target of the checks, or a description of the problems. */
function readArguments(args: readonly string[], env: CommandContext['env']): DoctorTarget | string {
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
  const read = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const wabaId = values.waba ?? read('WHATSAPP_BUSINESS_ACCOUNT_ID');
  const accessToken = read('WHATSAPP_ACCESS_TOKEN');
  const appId = read('WHATSAPP_APP_ID');
  const appSecret = read('WHATSAPP_APP_SECRET');
  const baseUrl = values['base-url'] ?? read('WHATSAPP_BASE_URL');
  const urlProblem = baseUrl === undefined ? undefined : describeUrlProblem('--base-url', baseUrl);
  if (urlProblem !== undefined) return urlProblem;
  if (wabaId === undefined || accessToken === undefined || appId === undefined || appSecret === undefined) {
    const found: Readonly<Record<keyof typeof required, string | undefined>> = { wabaId, accessToken, appId, appSecret };
    const missing = Object.entries(required).filter(([name]) => found[name as keyof typeof required] === undefined);
    return `these values are missing:\n${missing.map(([, [name, description]]) => `  ${name}: ${description}`).join('\n')}`;
  }
  return {
    wabaId,
    accessToken,
    appId,
    appSecret,
    verifyToken: read('WHATSAPP_VERIFY_TOKEN'),
    phoneNumberId: values['phone-number'] ?? read('WHATSAPP_PHONE_NUMBER_ID'),
    baseUrl,
    callbackUrls: values['callback-url'] ?? [],
    asJson: values.json,
  };
}
