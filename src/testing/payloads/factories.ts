import type { WebhookEvent, WebhookEventOf } from '../../webhooks/events/event.js';
import type { Change } from '../fake/webhook-values.js';
import type { WebhookPayloadOverrides, SentValue } from './payload-overrides.js';

/** Makes the change that becomes one event, for each of some types of event. */
export type Factories<Types extends WebhookEvent['type']> = {
  readonly [Type in Types]: (overrides: WebhookPayloadOverrides[Type]) => Change;
};

/** The types of events whose content is one object of Meta's. */
export type ValueType = Extract<WebhookEvent, { readonly value: object }>['type'];
/** That object. */
export type ValueOf<Type extends ValueType> = SentValue<WebhookEventOf<Type>['value']>;
