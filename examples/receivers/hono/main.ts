import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { port, visitServer } from '../visit.ts';
import { webhooks } from '../webhooks.ts';

const app = new Hono();
app.all('/webhook', (context) => webhooks.fetch(context.req.raw));

const server = serve({ fetch: app.fetch, port });
await once(server, 'listening');
await visitServer(server);
