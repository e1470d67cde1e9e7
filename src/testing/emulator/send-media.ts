import type { ServerResponse } from 'node:http';
import type { FakeFile } from '../fake/fake-cloud-api.js';
import { sendText } from './send.js';

/** Types that browsers show without running anything. */
const shownTypes = /^(?:image\/(?:png|jpeg|webp|gif)|audio\/[\w.-]+|video\/[\w.-]+)(?:;|$)/;

/** Responds with the file of a message. Files that could contain scripts are downloads. */
export function sendMedia(response: ServerResponse, file: FakeFile | undefined): void {
  if (!file) {
    sendText(response, 404, 'There is no such file.');
    return;
  }
  const isShown = shownTypes.test(file.mimeType);
  response.writeHead(200, {
    'content-type': isShown ? file.mimeType : 'application/octet-stream',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
    ...(!isShown && { 'content-disposition': 'attachment' }),
  });
  response.end(file.bytes);
}
