import type { Factories } from './factories.js';
import type { Change } from '../fake/webhook-values.js';
import { changeOf, sceneOf, type Scene } from './scene.js';

/** Payloads of `account_update`, and of a field that no version of the library knows. */
export const accountFactories: Factories<
  'account.offboarded' | 'account.reconnected' | 'account.disconnected' | 'account.update' | 'unknown'
> = {
  'account.offboarded': (place) => changeOf(sceneOf(place), 'account_update', { event: 'ACCOUNT_OFFBOARDED' }),
  'account.reconnected': (place) => changeOf(sceneOf(place), 'account_update', { event: 'ACCOUNT_RECONNECTED' }),
  'account.disconnected'({ reason, initiatedBy = 'USER', phoneNumber, ...place }) {
    const scene = sceneOf(place);
    return changeOf(scene, 'account_update', {
      phone_number: phoneNumber ?? scene.number.waId,
      event: 'PARTNER_REMOVED',
      ...(reason !== undefined && { disconnection_info: { reason, initiated_by: initiatedBy } }),
    });
  },
  'account.update': ({ value, ...place }) => restrictionChange(sceneOf(place), value),
  unknown: ({ field = 'field_of_tomorrow', raw = { example: true }, ...place }) => changeOf(sceneOf(place), field, raw),
};

const restrictionLastsSeconds = 3 * 24 * 60 * 60;

function restrictionChange(scene: Scene, value: Readonly<Record<string, unknown>> | undefined): Change {
  const expiration = Number(scene.timestamp) + restrictionLastsSeconds;
  const restriction = { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration };
  return changeOf(scene, 'account_update', {
    event: 'ACCOUNT_RESTRICTION',
    ...(value?.event === undefined && { restriction_info: [restriction] }),
    ...value,
  });
}
