import { createServer } from 'node:http';
import process from 'node:process';
import next from 'next';
import { port, visitServer } from '../visit.ts';

// What `next dev` does; the receiver is app/webhook/route.js.
const app = next({ dev: true, dir: import.meta.dirname });
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((request, response) => void handle(request, response));
await new Promise((resolve) => {
  server.listen(port, resolve);
});
// A development server goes on watching its files, so it is ended.
await visitServer(server, () => process.exit());
