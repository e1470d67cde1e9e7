/** Calling codes with their country. Codes that several countries share have the largest one. Source: ITU, E.164 (2025). */
const countries: Readonly<Record<string, string>> = {
  1: 'US',
  7: 'RU',
  20: 'EG',
  27: 'ZA',
  31: 'NL',
  33: 'FR',
  34: 'ES',
  39: 'IT',
  44: 'GB',
  49: 'DE',
  52: 'MX',
  54: 'AR',
  55: 'BR',
  57: 'CO',
  62: 'ID',
  90: 'TR',
  91: 'IN',
  92: 'PK',
  234: 'NG',
  254: 'KE',
  966: 'SA',
  971: 'AE',
  972: 'IL',
};

/** The country of a number as Graph shows it. Nothing, if the fake doesn't know the calling code. */
export function countryOf(waId: string): { readonly country_code?: string; readonly country_dial_code?: string } {
  for (const length of [1, 2, 3]) {
    const code = waId.slice(0, length);
    const country = countries[code];
    if (country !== undefined) return { country_code: country, country_dial_code: code };
  }
  return {};
}
