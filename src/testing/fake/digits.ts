/** Returns the digits of a phone number in any format. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}
