/** What a program pays for one thing, dependencies included, minified and gzipped. Node's own modules are left out. */
const budget = (name, path, imports, limit) => ({
  name,
  path: `dist/${path}`,
  import: imports,
  limit,
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'neutral', mainFields: ['module', 'main'], conditions: ['import'], external: ['node:*'] }),
});

export default [
  budget('send one text', 'index.js', '{ createClient, sendMessage }', '12 kB'),
  budget('verify and parse webhooks', 'webhooks/index.js', '{ verifySignature, parseWebhook }', '9 kB'),
  budget('verify a signature', 'webhooks/index.js', '{ verifySignature }', '1 kB'),
  budget('errors', 'errors/index.js', '*', '3 kB'),
];
