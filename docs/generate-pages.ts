/**
 * Writes the pages of the guide that list data of the package: all error codes, an example of each webhook event, and the rules of the fake. Run
 * it after a build:
 * `node docs/generate-pages.ts`. A test compares the pages with the data.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { webhookPayload } from 'wa-coexist/testing';
import { parseWebhook } from 'wa-coexist/webhooks';
import { codeTexts } from '../src/errors/code-texts.ts';
import { fakeRules } from './fake-rules-page.ts';
import { eventTexts } from './webhook-event-texts.ts';

const guide = join(import.meta.dirname, 'guide');

const errorCodesIntroduction = `---
title: Error codes
---

# Error codes

This page lists the codes that Meta documents for the Cloud API, webhooks, calls, groups and flows, with a remedy for each. See [Errors](errors.md) for the classes and for the outcome of a failed send.

Your program can read the same texts with \`describeError\`:

\`\`\`ts
import { describeError } from 'wa-coexist/errors';

console.log(describeError(131047)?.remedy);
\`\`\`

If an error has a subcode, look it up first. For example, error 100 with the subcode 2593108 means that the 24 hours for a sync are over.

`;

const errorCodesEnd = `
## Read more

- [Errors](errors.md)
- [Troubleshooting](troubleshooting.md)
- [Sending within the limits](sending.md)
`;

const webhookEventsIntroduction = `---
title: Webhook events
---

# Webhook events

This page shows an example payload of each event. The heading is the type that you pass to \`webhooks.on\`. See [Receiving webhooks](receiving.md) for the properties that all events have.

You can create these payloads in your tests with \`webhookPayload\`:

\`\`\`ts
import { signWebhook, webhookPayload } from 'wa-coexist/testing';

const body = JSON.stringify(webhookPayload('message', { message: 'Do you have rye bread?' }));
console.log(signWebhook(body, 'app-secret'));
\`\`\`

`;

const webhookEventsEnd = `
## Read more

- [Receiving webhooks](receiving.md)
- [Testing your integration](testing.md)
- [Going live](going-live.md)
`;

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function errorCodes(): string {
  const rows = Object.entries(codeTexts).map(
    ([code, [meaning, remedy]]) => `| ${code === '200' ? '200 to 299' : code} | ${escapeCell(meaning)} | ${escapeCell(remedy)} |`,
  );
  return `${errorCodesIntroduction}| code | meaning | remedy |\n| --- | --- | --- |\n${rows.join('\n')}\n${errorCodesEnd}`;
}

/** IDs of messages, calls and files are random, so that each payload has its own. */
function withoutRandomIds(json: string): string {
  const [, mediaId] = /mid=(\d+)/.exec(json) ?? [];
  return (mediaId === undefined ? json : json.replaceAll(mediaId, '1003383421387256'))
    .replaceAll(/\b(wamid|wacid)\.[\w+/=]+/g, '$1.EXAMPLE')
    .replaceAll(/"sha256": "[^"]+"/g, '"sha256": "EXAMPLE"');
}

function webhookEvents(): string {
  const sections = [...eventTexts].map(([type, text]) => {
    const payload = webhookPayload(type, { occurredAt: new Date('2026-11-01T09:00:00Z') });
    const [event] = parseWebhook(payload);
    if (event?.type !== type) throw new Error(`The payload of ${type} is parsed as ${event?.type ?? 'no event'}.`);
    const example = withoutRandomIds(JSON.stringify(payload.entry[0]?.changes[0], undefined, 2));
    return `## \`${type}\`\n\n${text} Webhook field: \`${event.field}\`.\n\n\`\`\`json\n${example}\n\`\`\`\n`;
  });
  return `${webhookEventsIntroduction}${sections.join('\n')}${webhookEventsEnd}`;
}

/** Returns the pages by file, as they must be. */
export async function generatePages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([
    [join(guide, 'error-codes.md'), errorCodes()],
    [join(guide, 'webhook-events.md'), webhookEvents()],
    [join(guide, 'fake-rules.md'), fakeRules()],
  ]);
  const options = await resolveConfig(guide);
  for (const [file, text] of pages) pages.set(file, await format(text, { ...options, parser: 'markdown' }));
  return pages;
}

if (import.meta.main) for (const [file, text] of await generatePages()) writeFileSync(file, text);
