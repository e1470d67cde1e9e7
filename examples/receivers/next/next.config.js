import { fileURLToPath, URL } from 'node:url';

// Only because the example has no node_modules of its own.
export default { turbopack: { root: fileURLToPath(new URL('../../..', import.meta.url)) } };
