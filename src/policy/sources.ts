/** Documents that several rules cite, with the dates of the versions that were read. */
export const guide = 'Meta, Onboard WhatsApp Business app users (11 Sep 2026)';
export const featureTable = 'Meta, feature table of the coexistence guide (26 Jun and 11 Sep 2026)';
export const changelog = (date: string): string => `Meta, WhatsApp changelog (${date})`;
/** Common knowledge about coexistence before Meta documented it. */
export const seasalt = 'Seasalt.ai (13 Sep 2025)';

/** The day on which Meta announced that one number can be on both the app and the Cloud API. */
export const announcedOn = '2025-02-11';
