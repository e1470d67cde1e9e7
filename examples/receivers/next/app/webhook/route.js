import { webhooks } from '../../../webhooks.ts';

export const GET = webhooks.fetch;
export const POST = webhooks.fetch;
