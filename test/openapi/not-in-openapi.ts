/**
 * Operations that the library calls, but that Meta's OpenAPI file (v23.0, Nov 2025) lacks, with their documentation. If
 * a later file contains an operation, a test requires that it is removed here.
 */
export const notInOpenapi: Readonly<Record<string, string>> = {
  'POST /{App-ID}/uploads': 'Meta, Resumable upload API; Postman collection (Sep 2025)',
  'POST /{Upload-ID}': 'Meta, Resumable upload API; Postman collection (Sep 2025)',
  'GET /{Upload-ID}': 'Meta, Resumable upload API; Postman collection (Sep 2025)',
  'POST /{WABA-ID}/upsert_message_templates': 'Meta, Authentication templates, bulk management (2025)',
  'GET /{WABA-ID}/message_template_previews': 'Meta, Authentication templates, previews (2025)',
  'GET /message_template_library': 'Meta, Template library (2025)',
  'GET /{TEMPLATE_ID}/compare': 'Meta, Template comparison (2025)',
  'POST /{WABA-ID}/migrate_message_templates': 'Meta, Template migration (2025)',
  'POST /{TEMPLATE_ID}/unpause': 'Meta, Template pausing (2025)',
  'POST /{WABA-ID}/message_templates/archive': 'pywa 4.4.0 (Aug 2026); on api.facebook.com, not seen in a page of Meta',
  'POST /{WABA-ID}/message_templates/unarchive': 'pywa 4.4.0 (Aug 2026); on api.facebook.com, not seen in a page of Meta',
  'POST /{Phone-Number-ID}/smb_app_data': 'Meta, Onboard WhatsApp Business app users (11 Sep 2026)',
  'GET /{WABA-ID}/template_analytics': 'Meta, Analytics (Nov 2025)',
  'GET /{group_id}/invite_link': 'Meta, Groups API (Nov 2025)',
  'GET /{Phone-Number-ID}/username': 'Meta, Usernames (6 Feb and 10 Mar 2026)',
  'POST /{Phone-Number-ID}/username': 'Meta, Usernames (6 Feb and 10 Mar 2026)',
  'DELETE /{Phone-Number-ID}/username': 'Meta, Usernames (6 Feb and 10 Mar 2026)',
  'GET /{Phone-Number-ID}/username_suggestions': 'Meta, Usernames (6 Feb and 10 Mar 2026)',
  'DELETE /{Phone-Number-ID}/contact_book': 'Meta, Business-scoped user ids (31 Mar 2026)',
  'POST /{Phone-Number-ID}/thread_control': 'Meta, Thread control (25 Sep 2026), known from a copy of the changelog',
  'GET /oauth/access_token': 'Meta, Embedded Signup implementation (20 Feb 2026); Access tokens (Nov 2025)',
  'GET /debug_token': 'Meta, Access tokens (Nov 2025)',
  'GET /{App-ID}/subscriptions': 'Meta, Webhooks (Nov 2025)',
  'POST /{App-ID}/subscriptions': 'Meta, Webhooks (Nov 2025)',
  'DELETE /{App-ID}/subscriptions': 'Meta, Webhooks (Nov 2025)',
};
