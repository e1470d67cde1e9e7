import { toLambdaHandler } from 'wa-coexist/webhooks/node';
import { webhooks } from '../webhooks.ts';

/** The function: for a function URL, API Gateway, a load balancer, SQS or SNS. */
export const handler = toLambdaHandler(webhooks);
