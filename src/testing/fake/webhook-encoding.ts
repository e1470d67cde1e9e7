/**
 * Writes JSON in the bytes that Meta signs: only ASCII characters, with `\uXXXX` for all others and `\/` for slashes. A receiver that parses and
 * serialises again before it checks the signature fails here as it does there.
 */
export function encodeWebhook(payload: unknown): string {
  return JSON.stringify(payload).replace(/[/\u007f-\uffff]/g, (character) =>
    character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
