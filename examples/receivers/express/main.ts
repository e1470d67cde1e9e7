import { once } from 'node:events';
import express from 'express';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { port, visitServer } from '../visit.ts';
import { webhooks } from '../webhooks.ts';

const app = express();
// Before the body parser: Meta signs the bytes, and a parser leaves none.
app.all('/webhook', toNodeHandler(webhooks));
app.use(express.json());

const server = app.listen(port);
await once(server, 'listening');
await visitServer(server);
