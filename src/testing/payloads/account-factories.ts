import type { Factories } from './factories.js';
import { changeOf, sceneOf } from './scene.js';

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
  'account.update': ({ value, ...place }) =>
    changeOf(sceneOf(place), 'account_update', {
      event: 'ACCOUNT_RESTRICTION',
      ...(value?.event === undefined && { restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }] }),
      ...value,
    }),
  unknown: ({ field = 'field_of_tomorrow', raw = { example: true }, ...place }) => changeOf(sceneOf(place), field, raw),
};
