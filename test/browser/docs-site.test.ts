import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath, launch } from './chromium.js';

const site = join(import.meta.dirname, '../../docs/site');
const isBuilt = existsSync(join(site, 'guide/start.html'));
if (!isBuilt) console.warn('The docs site is not built: its tests are skipped. Run `npm run docs` first.');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves the built site like a static host. */
async function serveSite() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(site, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, close: () => server.close() };
}

describe.skipIf(chromiumPath === undefined || !isBuilt)('the docs site', () => {
  let server: Awaited<ReturnType<typeof serveSite>>;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await serveSite();
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) problems.push(`request to ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${String(response.status())} for ${response.url()}`);
    });
    return () => page.close();
  });

  const open = (path: string) => page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' });

  test('the landing page leads to the guide, which has a grouped sidebar and a link to the next page', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Get started' }).click();
    await page.getByRole('heading', { level: 1, name: 'Getting started' }).waitFor();
    const groups = await page.locator('.VPSidebar .VPSidebarItem.level-0 h2').allTextContents();
    expect(groups).toEqual(
      expect.arrayContaining(['Getting started', 'Concepts', 'Receive', 'Send', 'Coexistence', 'Testing', 'Operations', 'Reference']),
    );
    await page.locator('.pager-link.next').click();
    await page.getByRole('heading', { level: 1, name: 'Going live' }).waitFor();
    expect(await page.locator('.pager-link.prev').innerText()).toContain('Getting started');
  });

  test('every link of the sidebar opens a page', async () => {
    await open('/guide/start.html');
    const links = await page.locator('.VPSidebar a').evaluateAll((anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThan(20);
    const statuses = await Promise.all(links.map(async (link) => [link, (await fetch(`${server.url}${link}`)).status]));
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
  });

  test('the appearance switch selects dark mode, and the next page is dark as well', async () => {
    await open('/guide/start.html');
    const isDark = () => page.locator('html').evaluate((html) => html.classList.contains('dark'));
    expect(await isDark()).toBe(false);
    await page.locator('.VPNavBar').getByRole('switch', { name: 'Switch to dark theme' }).click();
    expect(await isDark()).toBe(true);
    await open('/guide/receiving.html');
    expect(await isDark()).toBe(true);
  });

  test('code has a copy button, and tabs select the package manager', async () => {
    await open('/guide/start.html');
    expect(await page.locator('div[class*="language-"] button.copy').count()).toBeGreaterThan(2);
    await page.locator('.vp-code-group .tabs label').getByText('pnpm').click();
    expect(await page.locator('.vp-code-group .blocks > .active').innerText()).toContain('pnpm add wa-coexist');
  });

  test('the reference lists the names of an entry by category, and opens the page of a function', async () => {
    await open('/reference/wa-coexist/');
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('Messages'), expect.stringContaining('Templates'), expect.stringContaining('Media')]),
    );
    await page.locator('.vp-doc').getByRole('link', { name: 'sendMessage', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'sendMessage()' }).waitFor();
  });

  test.each([
    { query: 'express', expected: /\/guide\/frameworks\.html#express/ },
    { query: 'nestjs', expected: /\/guide\/frameworks\.html#nestjs/ },
    { query: 'next.js', expected: /\/guide\/frameworks\.html#nextjs/ },
    { query: 'koa', expected: /\/guide\/frameworks\.html#koa/ },
    { query: 'lambda', expected: /\/guide\/frameworks\.html#aws-lambda/ },
    { query: 'cloudflare', expected: /\/guide\/frameworks\.html#cloudflare-workers/ },
    { query: 'azure', expected: /\/guide\/frameworks\.html#azure-functions/ },
    { query: 'raw body', expected: /\/guide\/frameworks\.html#raw-body/ },
    { query: '131047', expected: /\/guide\/error(?:s|-codes)\.html/ },
    { query: 'webhook signature', expected: /\/guide\/receiving\.html#verify-signatures/ },
    { query: 'verify token', expected: /\/guide\/receiving\.html#verify-token/ },
    { query: 'tunnel', expected: /\/guide\/going-live\.html#3-make-the-receiver-reachable/ },
    { query: 'token expired', expected: /\/guide\/going-live\.html#2-get-an-access-token/ },
    { query: 'phone number id', expected: /\/guide\/going-live\.html#find-the-phone-number-id/ },
    { query: 'read receipt', expected: /\/guide\/(?:messages|receiving)\.html#read-receipts/ },
    { query: 'template', expected: /\/guide\/templates\.html/ },
    { query: 'media download', expected: /\/guide\/media\.html#download-a-file/ },
    { query: 'rate limit', expected: /\/guide\/sending\.html/ },
    { query: 'opt out', expected: /\/guide\/(?:sending|running-on-many-machines)\.html#(?:campaigns|opt-outs)/ },
    { query: 'retry', expected: /\/guide\/client\.html#retries/ },
    { query: 'retries', expected: /\/guide\/(?:client\.html#retries|sending\.html)/ },
    { query: 'duplicate', expected: /\/guide\/receiving\.html#order-and-duplicates/ },
    { query: 'echo', expected: /\/guide\/webhook-events\.html#echo/ },
    { query: 'handoff', expected: /\/guide\/hand-off\.html/ },
    { query: 'history', expected: /\/guide\/history-into-your-database\.html/ },
    { query: 'onboarding', expected: /\/guide\/onboarding\.html/ },
    { query: 'postgres', expected: /\/guide\/postgres\.html/ },
    { query: 'multiple tenants', expected: /\/guide\/multiple-tenants\.html/ },
    { query: 'opentelemetry', expected: /\/guide\/observability\.html#opentelemetry/ },
    { query: 'custom store', expected: /\/guide\/custom-stores\.html/ },
    { query: 'scaling', expected: /\/guide\/running-on-many-machines\.html/ },
    { query: 'migration', expected: /\/guide\/moving-from-other-libraries\.html/ },
    { query: 'gdpr', expected: /\/guide\/history-into-your-database\.html#delete-a-persons-data/ },
    { query: 'jest', expected: /\/guide\/typescript-commonjs-jest\.html#jest/ },
    { query: 'sendMessage', expected: /\/reference\/wa-coexist\/functions\/sendMessage\.html/ },
  ])('a search for "$query" has the right page in its first three results', async ({ query, expected }) => {
    await open('/guide/start.html');
    await page.locator('.VPNavBarSearch button').first().click();
    await page.locator('.VPLocalSearchBox input').fill(query);
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    const results = page.locator('.VPLocalSearchBox a.result');
    await expect.poll(async () => results.first().innerText()).toBeTruthy();
    const links = await results.evaluateAll((anchors) => anchors.slice(0, 3).map((anchor) => anchor.getAttribute('href') ?? ''));
    expect(links).toContainEqual(expect.stringMatching(expected));
  });

  test('pages load without errors, missing files and requests to other hosts', () => {
    expect(problems).toEqual([]);
  });
});
