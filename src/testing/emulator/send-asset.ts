import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { sendText } from './send.js';

/** The part of the content security policy that all pages share. */
export const noFrames = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const assetTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'theme.css': 'text/css; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'phone.css': 'text/css; charset=utf-8',
  'panel.css': 'text/css; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
};

/** Responds with a file of the page. */
export async function sendAsset(response: ServerResponse, name: string): Promise<void> {
  const type = Object.hasOwn(assetTypes, name) ? assetTypes[name] : undefined;
  if (type === undefined) {
    sendText(response, 404, 'The page has no such file.');
    return;
  }
  const bytes = await readFile(new URL(`page/${name}`, import.meta.url));
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': `default-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; ${noFrames}`,
  });
  response.end(bytes);
}
