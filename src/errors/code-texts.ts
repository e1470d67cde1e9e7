/** What a code means, and what to do about it. */
export type CodeText = readonly [meaning: string, remedy: string];

const newToken = 'Get a new token; for a business that onboarded, have it go through Embedded Signup again if the token was revoked.';
const slowDown = 'Send again after the wait, more slowly.';
const useLater = 'Try again later with growing waits; do not repeat a send, which Meta may have carried out.';
const fixRequest = 'Compare the request with the details of the error, and correct it.';
const newCall = 'Start a new call if the user agrees; the old one cannot go on.';
const metaSupport = 'If it stays, ask Meta with the trace id.';
const unblockAccount = 'See the account in WhatsApp Manager (Account quality), and appeal there.';
const callFailed = 'Check session description and firewall; then start a new call if the user agrees.';
const groupPicture = 'Use a square JPEG of at least 192 pixels and at most 5 MB.';
const waitMinutes = 'Wait some minutes and repeat.';

const permissionMissing: CodeText = [
  'A permission was not granted, or was taken away.',
  'Check the scopes of the token (debugToken) and the access of its user to the asset.',
];
const notStored: CodeText = [
  'The message was dropped, as it could not be delivered without being stored.',
  'This belongs to no-storage mode; send again when the recipient is online.',
];
const paymentProblem: CodeText = [
  'The account cannot pay: its payment method is missing, invalid or out of funds. Without one Meta delivers free messages only.',
  'Add or repair the payment method of the account in Meta Business Suite, or add funds to a prepaid account.',
];
const sipProblem: CodeText = ['The SIP server of the number has a problem.', 'Check host, port and certificate in the calling settings.'];
const signupProblem: CodeText = ['The request for a sign-up in the app is wrong.', fixRequest];
const numberProblem: CodeText = [
  'The number cannot be added, moved or verified: it is registered already, or the code or the two accounts are not in order.',
  'Read error_user_msg; before a move, two-step verification is turned off at the old provider.',
];

/**
 * Every code that Meta documents. Those of webhooks and of health reports are here, too; 200 stands for 200 to 299.
 * Source: Meta, Error codes and the pages of the single products, Dec 2025 to Sep 2026.
 */
export const codeTexts: Readonly<Record<number, CodeText>> = {
  0: ['Meta could not authenticate the app user: the token is missing, expired or no longer valid.', newToken],
  1: [
    'An unknown error of the API, or a malformed request.',
    `Check method, path and JSON of the request; a read may be repeated. ${metaSupport}`,
  ],
  2: ['The API is down or overloaded for the moment.', useLater],
  3: [
    'The app lacks the capability or the permission for this method.',
    'Add the permission to the app, and have it reviewed for live use.',
  ],
  4: ['The app made too many calls.', 'Wait as X-App-Usage says, at most an hour, then call less often.'],
  10: permissionMissing,
  33: ['The id does not exist, was deleted, or cannot be seen with this token.', 'Check the id and which business the token belongs to.'],
  100: ['A parameter is wrong, misspelled or not supported; or the object does not exist for this token.', fixRequest],
  190: ['The access token expired or was revoked.', newToken],
  200: permissionMissing,
  368: ['The account is blocked for a while for breaking a policy.', unblockAccount],
  613: ['Too many look-ups of call permissions.', 'Wait, and look up each user once before a call only.'],
  2064: ['The flow id is wrong.', 'Use the id of a flow of the same WhatsApp Business Account.'],
  2065: ['The flow message version is wrong.', 'Send flow_message_version 3.'],
  2066: [
    'The mode of the flow message does not fit the state of the flow.',
    'Send mode draft for a draft and published for a published flow.',
  ],
  2067: ['A draft flow cannot be sent here.', 'Publish the flow, or send it from a number of the account that owns it.'],
  2068: ['The flow is blocked.', 'Repair its endpoint, and see its health in WhatsApp Manager.'],
  2069: ['The flow is throttled.', 'Repair its endpoint; until then 10 messages an hour go out.'],
  2070: ['The version of the flow expired.', 'Move the flow to a supported version, and publish it.'],
  80007: ['The WhatsApp Business Account used up its calls.', 'Wait as X-Business-Use-Case-Usage says, then call less often.'],
  130403: ['The business blocked this user.', 'Unblock the user first.'],
  130429: ['The number sent more messages a second than its throughput allows.', slowDown],
  130472: ["The user is in one of Meta's experiments and gets no marketing messages.", 'Do not repeat; reach the user in another way.'],
  130497: [
    'The business may not message people in this country.',
    'Do not send there; see the rules on countries and business categories.',
  ],
  130501: ['A message in a group has a type that is not supported.', 'Nothing to do; its content is not handed over.'],
  131000: ['Something went wrong at Meta.', `${useLater} ${metaSupport}`],
  131005: ['The token lacks the permission.', 'Check the scopes of the token (debugToken), above all whatsapp_business_messaging.'],
  131008: ['A required parameter is missing.', fixRequest],
  131009: ['A parameter has a value that is not valid; for a reaction, its message is too old, gone, or a reaction itself.', fixRequest],
  131016: ['A service of Meta is not available for the moment.', useLater],
  131020: ['The group has no other member.', 'Wait until somebody joins.'],
  131021: ['Recipient and sender are the same number.', 'Send to another number.'],
  131026: [
    'The message cannot be delivered: no WhatsApp on that number, an old app, terms not accepted, or the user cannot get it.',
    'Ask the customer to write first or to update WhatsApp; do not repeat.',
  ],
  131030: [
    'The recipient is not on the list of the test number.',
    'Add the number in the App Dashboard, in the spelling you send to: Mexico 52 or 521, Argentina 54 or 549, Brazil with or without the ninth digit. Or use a real business number.',
  ],
  131031: ['The account is locked for breaking a policy, or data as the PIN does not match.', unblockAccount],
  131035: notStored,
  131036: notStored,
  131037: ['The display name of the number is not approved yet.', 'Have the display name approved in WhatsApp Manager.'],
  131041: ['The group is not known.', 'Check the group id; the group may have been deleted.'],
  131042: paymentProblem,
  131044: [
    'There is a problem with the payment method for calls.',
    'Add or repair the payment method of the account in Meta Business Suite.',
  ],
  131045: [
    'The registration of the number, or its certificate, is not in order.',
    'Register a plain Cloud API number again; have a coexistence number onboard again.',
  ],
  131047: ['More than 24 hours have passed since the customer last wrote.', 'Send a template; its answer opens the window again.'],
  131048: [
    'The number is limited, as too many of its messages were blocked or reported.',
    'Send less and better targeted messages; see the quality rating in WhatsApp Manager.',
  ],
  131049: [
    'Meta held the marketing message back, as this user gets many of them.',
    'Do not repeat at once; try again after at least 24 hours, or reach the user in another way.',
  ],
  131050: ['The user stopped marketing messages from this business.', 'Send this user no marketing until user_preferences reports resume.'],
  131051: ['The message type is not supported.', 'Use a type that Cloud API knows; an incoming message of such a type is not handed over.'],
  131052: [
    'A media file could not be downloaded.',
    'For a link of yours, check that Meta can fetch it without a login; for an incoming file, ask the customer to send it again.',
  ],
  131053: ['A media file could not be uploaded or used.', 'Check its MIME type, codec and size against the table of supported media.'],
  131055: [
    'The method is not allowed here: only marketing templates on this endpoint, or calls go through SIP.',
    'Use the endpoint that fits the message or the number.',
  ],
  131056: [
    'Too many messages from this number to the same recipient in a short time.',
    'Wait 6 seconds a message, longer after a burst, and send again; other recipients are not concerned.',
  ],
  131057: ['The account is in maintenance, often for an upgrade of its throughput.', 'Send again after about a minute.'],
  131059: ['The cursor of the listing is not valid or expired.', 'Begin the listing again from the start.'],
  131060: [
    'The message is not available; known with companion devices of a coexistence number.',
    'Nothing to do; its content may come later under the same id.',
  ],
  131061: [
    'The template has a max price, and this endpoint does not support that.',
    'Send the template with sendMarketingMessage, or remove its optimization_spec.',
  ],
  131062: [
    'This message cannot go to a business-scoped user id.',
    'Send it to the phone number; one-tap, zero-tap and copy-code templates, and templates with a max price, need one.',
  ],
  131063: [
    'Marketing templates are switched off on the plain endpoint of this account.',
    'Use sendMarketingMessage, or turn the setting of the account off.',
  ],
  131064: [
    'A limit was reached, as templates were filed under the wrong category too often.',
    'File templates under the category that Meta names; see the template notices of the account.',
  ],
  131065: [
    "A template with a max price is not available for the recipient's country.",
    'Send a template without optimization_spec to this recipient.',
  ],
  131070: [
    'Another responder owns the conversation with this customer.',
    'Wait for messaging_handovers with control_passed, or, as the escalation partner, call takeThreadControl.',
  ],
  131201: ['A group action was carried out for some only.', 'Read which ones failed, and why; repeat for those alone.'],
  131202: ['The participant is named twice, or is in the group already.', 'Name each participant once.'],
  131203: ['The participant has not accepted the terms.', 'The user has to update WhatsApp and accept them first.'],
  131204: ['The group would have more participants than allowed.', 'Keep to eight participants.'],
  131207: ['The group is suspended.', 'Wait for group_status_update with group_suspend_cleared, or make another group.'],
  131208: ['Too many group actions.', slowDown],
  131209: ['The picture of the group is not square.', groupPicture],
  131210: ['The picture of the group is smaller than 192 pixels.', groupPicture],
  131211: ['The number has as many groups as it may.', 'Delete groups that are no longer used; 10,000 a number.'],
  131212: ['The user is not in the group.', 'Read the group to see its participants.'],
  131213: ['There is no such request to join.', 'List the requests again; it may have been withdrawn.'],
  131214: ['New groups cannot be made for the moment.', 'Try again later.'],
  131215: ['The number may not use groups.', 'Groups need an Official Business Account, and no coexistence.'],
  132000: ['The number of values does not match the template.', 'Give one value for each variable of each component.'],
  132001: [
    'The template does not exist in this language, or is not approved.',
    'Check name and language with listTemplates; a new approval takes some minutes to spread.',
  ],
  132005: ['The text is too long once the values are filled in.', 'Shorten the values.'],
  132007: [
    "The content breaks Meta's rules on characters or content.",
    'Take line breaks, tabs and more than four spaces in a row out of the values; see the rejection of the template.',
  ],
  132008: ['A value of the template is not valid.', 'Compare each value with the type that the template has there.'],
  132012: [
    'A value does not have the format that the template has there.',
    'Compare the type of each parameter with the template: text, media, currency or date.',
  ],
  132015: ['The template is paused for low quality.', 'Wait until it is unpaused (3 hours, then 6), and improve it.'],
  132016: ['The template was paused too often and is disabled.', 'Make a new template with other content.'],
  132018: [
    'A parameter of the template is not valid.',
    'Compare each parameter with the template; values take no line breaks, tabs or more than four spaces in a row.',
  ],
  132068: ['The flow of the template is blocked.', 'Repair the endpoint of the flow, and see its health in WhatsApp Manager.'],
  132069: [
    'The flow of the template is throttled: 10 messages went out in the last hour.',
    'Repair the endpoint of the flow; until then send fewer.',
  ],
  133000: ['An earlier deregistration did not finish.', 'Deregister the number again, then register it.'],
  133004: ['The registration server is not available.', waitMinutes],
  133005: ['The two-step verification PIN is wrong.', 'Use the PIN that was set; the business can reset it in WhatsApp Manager.'],
  133006: ['The number has to be verified again before it can be registered.', 'Request and verify a code first.'],
  133008: ['Too many wrong PINs.', 'Wait as the details say before the next one.'],
  133009: ['PINs came too quickly one after another.', 'Wait as the details say before the next one.'],
  133010: [
    'The number is not registered on Cloud API.',
    'Register a plain Cloud API number; a coexistence number was disconnected in the app and has to onboard again.',
  ],
  133015: ['The number was deleted a moment ago, and that is not finished.', 'Wait 5 minutes, then register it.'],
  133016: [
    'The number was registered and deregistered 10 times within 72 hours.',
    'Wait 72 hours; a coexistence number is never registered by API.',
  ],
  134011: ['The terms of payments on WhatsApp have not been accepted.', 'The business accepts them in WhatsApp Manager.'],
  134100: ['This endpoint takes marketing templates only.', 'Use sendMessage for other categories.'],
  134101: ['The template is still being made ready for marketing messages.', 'Send again within 10 minutes.'],
  134102: ['The template cannot be used for marketing messages.', 'Check that the account is onboarded to the Marketing Messages API.'],
  134103: ['The template cannot be used for marketing messages; Meta gives no reason.', metaSupport],
  135000: [
    'A parameter of the request is wrong in a way that Meta does not name.',
    `Send the smallest request that fails, and add its parts one by one. ${metaSupport}`,
  ],
  136024: ['The number is verified already.', 'Go on without a code.'],
  137000: [
    'The identity of the user is not the one that the message was for: the hash differs.',
    'Make sure of who it is, then send with the new hash or without one.',
  ],
  138000: ['Calling is not enabled for the number.', 'Enable it in the settings of the number; not for coexistence numbers.'],
  138001: ['The receiver cannot be called.', 'The user needs a current app and must have accepted the terms; send a message instead.'],
  138002: ['The number has 1,000 calls at the same time.', 'Wait until calls end.'],
  138003: ['There is a call with this user already.', 'End it, or go on with it.'],
  138004: ['The call could not be connected.', newCall],
  138005: ['Calls were made too quickly.', slowDown],
  138006: ['The user has not allowed calls.', 'Ask with call_permission_request, and call once it is granted.'],
  138007: ['The call could not be connected in time.', newCall],
  138009: ['The user was asked for permission to call too often.', 'One request in 24 hours and two in 7 days; wait.'],
  138011: [
    "Named in Meta's questions and answers on calling only, for development and tests.",
    `Read the details of the error. ${metaSupport}`,
  ],
  138012: ['The business has called this user as often as it may in 24 hours.', 'Wait until the limit in getCallPermissions ends.'],
  138013: [
    'Calls from the business are not available in this country or for this number.',
    'Have the user call; Meta lists the countries.',
  ],
  138014: [
    'Calls are off for a while, as users gave bad feedback.',
    'Call only who expects it; see the notice in WhatsApp Manager for the end.',
  ],
  138015: ['Calling cannot be enabled: the messaging limit is under 2,000.', 'Raise the messaging limit of the portfolio first.'],
  138017: ['The user has granted permission for good already.', 'Call; do not ask again.'],
  138018: [
    'Something that calling needs is missing.',
    'See the prerequisites of the Calling API: payment method, webhooks, messaging limit.',
  ],
  138019: ['The media of the call could not be set up.', callFailed],
  138020: ['The media of the call failed at the relay.', callFailed],
  138021: ['The call failed while media was received.', callFailed],
  138022: ['The call failed while media was sent.', callFailed],
  138023: ['The call had no media signals.', callFailed],
  138024: sipProblem,
  138025: sipProblem,
  138038: [
    'Another app is the primary responder for calls of this number.',
    'Change the Incoming Call entry point in the conversation routing of Meta Business Suite.',
  ],
  139000: ['The account may not use flows.', unblockAccount],
  139001: ['The flow cannot be updated in its state.', 'Only drafts can be changed; clone a published flow.'],
  139002: ['The flow cannot be published: it has errors.', 'Read its validation_errors, and correct its JSON.'],
  139003: ['The flow cannot be deprecated in its state.', 'Only published flows can be deprecated.'],
  139004: ['The flow cannot be deleted in its state.', 'Only drafts can be deleted; deprecate a published flow.'],
  139006: ['The metrics of the flow are below what this needs.', 'Improve the flow and its endpoint, and try again later.'],
  139100: ['Some users could not be blocked or unblocked.', 'Read failed_users for the reason of each; the others are done.'],
  139101: ['The list of blocked users is full (64,000).', 'Unblock some first.'],
  139102: ['The list of blocked users changed while it was read.', 'Begin the listing again.'],
  139103: ["An error inside Meta's block list.", useLater],
  141002: ['The template is not approved.', 'Wait for its approval, or appeal against the rejection.'],
  141006: paymentProblem,
  141010: ['The business is not verified.', 'Verify the business in the Security Center.'],
  141014: ['The WhatsApp Business Account is banned.', unblockAccount],
  147001: ['The username is not available.', 'Take another; listUsernameSuggestions names free ones.'],
  147002: ['The business may not have a username yet.', 'See the conditions in WhatsApp Manager.'],
  147003: [
    'The name belongs to a Facebook Page that is not linked to this business.',
    'Link the Page to the portfolio, or take another name.',
  ],
  147004: [
    'The name belongs to an Instagram account that is not linked to this business.',
    'Link the account to the portfolio, or take another name.',
  ],
  147005: ['Another number of the business has this username.', 'Repeat with transfer_action force_transfer to move it.'],
  200005: ['Template insights are not enabled.', 'Set is_enabled_for_insights on the account; it cannot be undone.'],
  200006: ['Template insights cannot be enabled for this account.', 'See the conditions in WhatsApp Manager.'],
  200007: ['Template insights are not available.', 'They do not exist for all templates and regions.'],
  1752041: ['The business was invited to onboard already.', 'Wait for its answer to the first invitation.'],
  2388001: numberProblem,
  2388012: numberProblem,
  2388019: ['The account has as many templates as it may.', 'Delete some: 250 for unverified businesses, 6,000 for verified ones.'],
  2388039: [
    'The template cannot be edited in its state.',
    'Approved, rejected and paused ones can: once in 24 hours, 10 times in 30 days.',
  ],
  2388040: ['A text of the template is too long.', 'Header 60 characters, body 1,024, footer 60.'],
  2388047: ['The header of the template is wrong.', 'At most one variable, no line breaks, emoji or markup, and an example.'],
  2388072: ['The body of the template is wrong.', 'Variables count up from 1 or have names, each with an example.'],
  2388073: ['The footer of the template is wrong.', 'At most 60 characters, without variables.'],
  2388077: ['The analytics asked for do not exist.', 'Check period, granularity and template ids.'],
  2388091: numberProblem,
  2388093: numberProblem,
  2388103: numberProblem,
  2388293: ['The template has too many variables for its text.', 'Write more text around them, or use fewer.'],
  2388299: ['The template begins or ends with a variable.', 'Put text before the first and after the last.'],
  2494100: ['The number is in maintenance.', waitMinutes],
  2494164: ['The sign-up form in the app was not found.', 'List the sign-ups of the account.'],
  2494165: ['Sign-ups in the app are not enabled for the account.', 'Check whether the account has the feature.'],
  2494166: signupProblem,
  2494167: signupProblem,
  2494168: signupProblem,
  2494176: signupProblem,
  2494177: signupProblem,
  2494179: signupProblem,
  2494191: [
    'Only the escalation partner can take a conversation.',
    'Wait until the owner passes or releases it, or change the roles in the conversation routing of Meta Business Suite.',
  ],
  2593079: ['The account is already marked for a move to another solution.', 'Finish or withdraw the first move.'],
  2593085: ['The account cannot be taken over from the business that shared it.', 'See the conditions for a change of ownership.'],
  2593107: [
    'Contacts or history were already asked for since this onboarding.',
    'Each can be asked for once; for another chance the business disconnects in the app and onboards again.',
  ],
  2593108: [
    'The 24 hours in which contacts and history can be asked for are over.',
    'For another chance the business disconnects in the app and onboards again.',
  ],
  2593109: ['The business chose not to share its history.', 'Go on without it; only a new onboarding asks again.'],
  2655093: ['Embedded Signup stopped with an error that Meta does not explain.', `Begin again with a current app. ${metaSupport}`],
  3441041: ['In Embedded Signup: the number belongs to another account.', 'Disconnect it there first, then onboard.'],
};
