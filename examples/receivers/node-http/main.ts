import { once } from 'node:events';
import { createServer } from 'node:http';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { port, visitServer } from '../visit.ts';
import { webhooks } from '../webhooks.ts';

const server = createServer(toNodeHandler(webhooks)).listen(port);
await once(server, 'listening');
await visitServer(server);
