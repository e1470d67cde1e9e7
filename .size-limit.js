/** What a program pays for one thing, dependencies included, minified and gzipped into one file. Node's own modules and BullMQ, a peer, are left out. */
const budget = (name, path, imports, limit) => ({
  name,
  path: `dist/${path}`,
  import: imports,
  limit,
  gzip: true,
  modifyEsbuildConfig: (config) => ({
    ...config,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    external: ['node:*', 'bullmq'],
  }),
});

export default [
  // Into one file esbuild also puts the checks of other message types, which are loaded when they are needed.
  budget('send one text', 'index.js', '{ createClient, sendMessage }', '29.2 kB'),
  budget('verify and parse webhooks', 'webhooks/index.js', '{ verifySignature, parseWebhook }', '9.6 kB'),
  budget('verify a signature', 'webhooks/index.js', '{ verifySignature }', '1 kB'),
  budget('embedded signup', 'embedded-signup/index.js', '{ launchSignup }', '2.6 kB'),
  budget('eligibility', 'eligibility/index.js', '{ checkEligibility }', '58 kB'),
  // It has all of createSender: campaigns, plans, sendAll, automatic throughput and their checks.
  budget('a sender in many processes', 'sender/bullmq/index.js', '{ createBullSender }', '73 kB'),
  budget('error classes', 'errors/index.js', '{ GraphApiError, graphError }', '3 kB'),
];
