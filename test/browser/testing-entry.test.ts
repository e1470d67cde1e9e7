import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { chromiumPath, launch } from './chromium.js';
import { bundleForBrowser, expectedResult } from './testing-bundle.js';

test.skipIf(chromiumPath === undefined)('the fake runs in Chromium', async () => {
  const { script } = await bundleForBrowser();
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>')).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    await page.addScriptTag({ content: script });
    const result = await page.evaluate('globalThis.result');
    expect(JSON.parse(String(result))).toEqual(expectedResult);
  } finally {
    await browser.close();
    server.close();
  }
});
