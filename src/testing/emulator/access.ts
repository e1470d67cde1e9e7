import { checkStrings } from './check-strings.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** Decides which requests the emulator accepts, by their `Host` and `Origin`. */
export interface Access {
  /** Whether the request named a host of the emulator. A page that rebinds its own DNS name to this machine names another. */
  allowsHost(host: string | undefined): boolean;
  /** Whether no page sent the request, or a page of the emulator did. */
  allowsOrigin(origin: string | undefined): boolean;
}

const wildcardAddresses: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Makes the check for a server.
 *
 * @param allowedHosts - More names that the emulator is reached by: `name` for every port, `name:port` for one.
 */
export function createAccess(listening: { readonly host: string; readonly port: number }, allowedHosts: readonly string[]): Access {
  checkStrings('createEmulator', 'allowedHosts', allowedHosts);
  const { host, port } = listening;
  const names = ['localhost', '127.0.0.1', '[::1]', ...(wildcardAddresses.has(host) ? [] : [host.includes(':') ? `[${host}]` : host])];
  const own = new Set([...names.map((name) => `${name}:${String(port)}`), ...allowedHosts].map((name) => name.toLowerCase()));
  const allowsHost = (given: string | undefined): boolean => {
    const url = given === undefined || !/^[\w.:[\]-]+$/.test(given) ? undefined : parseUrl(`http://${given}`);
    return url !== undefined && (own.has(`${url.hostname}:${url.port === '' ? '80' : url.port}`) || own.has(url.hostname));
  };
  return {
    allowsHost,
    allowsOrigin: (origin) => origin === undefined || (/^https?:\/\//.test(origin) && allowsHost(origin.replace(/^https?:\/\//, ''))),
  };
}
