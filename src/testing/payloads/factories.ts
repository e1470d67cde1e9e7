import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { Change } from '../fake/webhook-values.js';
import type { WebhookPayloadOverrides } from './payload-overrides.js';

/** Makes the change that becomes one event, for each of some types of event. */
export type Factories<Types extends WebhookEvent['type']> = {
  readonly [Type in Types]: (overrides: WebhookPayloadOverrides[Type]) => Change;
};
