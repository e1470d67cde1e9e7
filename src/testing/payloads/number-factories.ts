import type { Change } from '../fake/webhook-values.js';
import type { Factories, ValueOf, ValueType } from './factories.js';
import type { NumberPayloadPlace } from './place.js';
import { customerChange, numberChange, sceneOf, wamid, type Scene } from './scene.js';

/** Payloads about groups and customers. Their values contain a list of Meta's objects and the number. */
export const numberFactories: Factories<
  | 'automatic_events'
  | 'group_lifecycle_update'
  | 'group_participants_update'
  | 'group_settings_update'
  | 'group_status_update'
  | 'user_id_update'
  | 'user_preferences'
> = {
  automatic_events({ value, ...place }) {
    const scene = sceneOf(place);
    const event = {
      id: wamid(scene.person, 'customer'),
      event_name: 'Purchase',
      timestamp: scene.timestamp,
      custom_data: { currency: 'USD', value: 25 },
      ...value,
    };
    return numberChange(scene, 'automatic_events', { automatic_events: [event] });
  },
  group_lifecycle_update: (overrides) =>
    groupChange('group_lifecycle_update', overrides, { type: 'group_create', subject: 'Wholesale customers' }),
  group_participants_update: (overrides) =>
    groupChange('group_participants_update', overrides, {
      type: 'group_participants_add',
      reason: 'invite_link',
      added_participants: [participantOf(sceneOf(overrides))],
    }),
  group_settings_update: (overrides) =>
    groupChange('group_settings_update', overrides, {
      type: 'group_settings_update',
      group_subject: { text: 'Wholesale customers', update_successful: true },
    }),
  group_status_update: (overrides) => groupChange('group_status_update', overrides, { type: 'group_suspend' }),
  user_id_update({ value, ...place }) {
    const scene = sceneOf(place);
    const { person, timestamp } = scene;
    const change = {
      ...(!person.hidesNumber && { wa_id: person.waId }),
      user_id: { previous: 'US.EXAMPLEPREVIOUSID', current: person.userId },
      timestamp,
      ...value,
    };
    return customerChange(scene, 'user_id_update', { user_id_update: [change] });
  },
  user_preferences({ value, ...place }) {
    const scene = sceneOf(place);
    const { person, timestamp } = scene;
    const preference = {
      ...(!person.hidesNumber && { wa_id: person.waId }),
      user_id: person.userId,
      category: 'marketing_messages',
      value: 'stop',
      timestamp,
      ...value,
    };
    return customerChange(scene, 'user_preferences', { user_preferences: [preference] });
  },
};

/** A member of a group. Its number is missing if it is hidden. */
function participantOf({ person }: Scene): { readonly wa_id?: string; readonly user_id: string } {
  return { ...(!person.hidesNumber && { wa_id: person.waId }), user_id: person.userId };
}

/** A change of a field about groups. */
function groupChange<Type extends ValueType>(
  field: Type,
  overrides: NumberPayloadPlace & { readonly value?: object },
  usual: ValueOf<Type>,
): Change {
  const scene = sceneOf(overrides);
  const group: object = {
    group_id: 'EXAMPLEGROUPID',
    timestamp: scene.timestamp,
    // Meta's own actions have no request.
    ...(field !== 'group_status_update' && { request_id: 'EXAMPLEREQUESTID' }),
    ...usual,
    ...overrides.value,
  };
  return numberChange(scene, field, { groups: [group] });
}
