/** Documents that several rows cite, with the dates of the copies that were read. */
export const guide = 'Meta, Onboard WhatsApp Business app users (11 Sep 2026)';
export const featureTable = 'Meta, feature table of the coexistence guide (26 Jun and 11 Sep 2026)';
export const changelog = (date: string): string => `Meta, WhatsApp changelog (${date})`;
/** What was commonly told of coexistence before Meta's own pages said it. */
export const seasalt = 'Seasalt.ai (13 Sep 2025)';

/** The day on which Meta announced that one number can be on the app and on Cloud API. */
export const announcedOn = '2025-02-11';
