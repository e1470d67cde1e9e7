import { randomBytes } from 'node:crypto';

/** Your app at Meta. */
export interface MetaApp {
  readonly appId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  /** The Facebook Login for Business configuration of the signup page. */
  readonly configId: string;
  /** Another Graph API, for example the emulator. */
  readonly baseUrl: string | undefined;
  /** Meta's JavaScript SDK, or the one of the emulator. */
  readonly sdkUrl: string;
}

/** A number that is available without the signup page. */
export interface OwnNumber {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly accessToken: string;
}

/** The settings of the application. The README describes the environment variables. */
export abstract class Settings {
  abstract readonly port: number;
  /** The address of the pages. Without it, only this machine can open them. */
  abstract readonly publicUrl: string | undefined;
  /** Names and passwords of the agents. */
  abstract readonly agents: ReadonlyMap<string, string>;
  /** Without it, PGlite runs in this process. */
  abstract readonly databaseUrl: string | undefined;
  abstract readonly redisUrl: string | undefined;
  /** 32 bytes that encrypt access tokens in the database. */
  abstract readonly tokenKey: Buffer;
  abstract readonly meta: MetaApp;
  abstract readonly ownNumber: OwnNumber | undefined;
}

/**
 * Reads the settings from environment variables.
 *
 * @throws `Error` if variables are missing or wrong. The message names all of them.
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const required = (name: string): string => {
    const value = env[name] ?? '';
    if (value === '') problems.push(`${name} is missing`);
    return value;
  };
  const publicUrl = env['PUBLIC_URL'];
  const { protocol, hostname } = publicUrl !== undefined && URL.canParse(publicUrl) ? new URL(publicUrl) : {};
  if (publicUrl !== undefined && protocol === undefined) problems.push('PUBLIC_URL is no URL');
  else if (protocol !== undefined && protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? '')) {
    problems.push('PUBLIC_URL must begin with https://, because browsers send passwords and chats');
  }
  const agents = new Map(
    (env['AGENTS'] ?? '').split(',').flatMap((entry): [string, string][] => {
      const [name = '', ...password] = entry.trim().split(':');
      return name === '' ? [] : [[name, password.join(':')]];
    }),
  );
  if (publicUrl !== undefined && agents.size === 0) problems.push('AGENTS is missing: without it, everybody could read your chats');
  if ([...agents.values()].some((password) => password.length < 8)) problems.push('AGENTS has a password with less than 8 characters');
  const tokenKey = Buffer.from(env['DATABASE_URL'] === undefined ? (env['TOKEN_KEY'] ?? randomKey()) : required('TOKEN_KEY'), 'hex');
  if (tokenKey.length !== 32) problems.push('TOKEN_KEY must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them');
  const { WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = env;
  const settings: Settings = {
    port: Number(env['PORT'] ?? 3000),
    publicUrl,
    agents,
    databaseUrl: env['DATABASE_URL'],
    redisUrl: env['REDIS_URL'],
    tokenKey,
    meta: {
      appId: required('WHATSAPP_APP_ID'),
      appSecret: required('WHATSAPP_APP_SECRET'),
      verifyToken: required('WHATSAPP_VERIFY_TOKEN'),
      configId: env['WHATSAPP_CONFIG_ID'] ?? '',
      baseUrl: env['WHATSAPP_BASE_URL'],
      sdkUrl: env['WHATSAPP_SDK_URL'] ?? 'https://connect.facebook.net/en_US/sdk.js',
    },
    ownNumber:
      phoneNumberId === undefined
        ? undefined
        : { phoneNumberId, wabaId: required('WHATSAPP_BUSINESS_ACCOUNT_ID'), accessToken: required('WHATSAPP_ACCESS_TOKEN') },
  };
  if (problems.length > 0) throw new Error(`The environment is incomplete:\n- ${problems.join('\n- ')}`);
  return settings;
}

/** PGlite in memory forgets the tokens with the process, and so may the key. */
function randomKey(): string {
  return randomBytes(32).toString('hex');
}
