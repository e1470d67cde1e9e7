import { isRecord } from '../../runtime/json.js';
import { oneLine } from '../terminal.js';

/**
 * Compares the definitions of a module with those of an account. Returns one line for each difference, sorted by name.
 */
export function compareDefinitions(ofFile: ReadonlyMap<string, unknown>, ofAccount: ReadonlyMap<string, unknown>): readonly string[] {
  const names = [...new Set([...ofFile.keys(), ...ofAccount.keys()])].sort();
  return names.flatMap((name) => {
    if (!ofFile.has(name)) return [`+ ${name}: the account has this template, and the file does not`];
    if (!ofAccount.has(name)) return [`- ${name}: the file has this template, and the account does not`];
    return differences(ofFile.get(name), ofAccount.get(name), name);
  });
}

function differences(file: unknown, account: unknown, path: string): readonly string[] {
  if (Array.isArray(file) && Array.isArray(account)) {
    return Array.from({ length: Math.max(file.length, account.length) }, (_, index) =>
      differences(file[index], account[index], `${path}[${String(index)}]`),
    ).flat();
  }
  if (isRecord(file) && isRecord(account)) {
    const names = [...new Set([...Object.keys(file), ...Object.keys(account)])];
    return names.flatMap((name) => differences(file[name], account[name], `${path}.${name}`));
  }
  const [before, after] = [file, account].map((value) => (value === undefined ? 'nothing' : JSON.stringify(value)));
  return before === after ? [] : [`~ ${oneLine(path)}\n    file:    ${oneLine(before ?? '')}\n    account: ${oneLine(after ?? '')}`];
}
