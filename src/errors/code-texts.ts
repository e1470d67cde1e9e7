/** Meaning of an error code, and how to fix the error. */
export type CodeText = readonly [meaning: string, remedy: string];

const newToken =
  'Create a new token. If the token of an onboarded business was revoked, let the business go through Embedded Signup again.';
const slowDown = 'Wait, then send again more slowly.';
const useLater = "Retry later with increasing delays. Don't retry a send, because Meta may have sent the message.";
const fixRequest = 'Compare the request with the details of the error, and fix it.';
const newCall = "Start a new call if the user agrees. You can't continue the old one.";
const metaSupport = 'If the error persists, send the trace ID to Meta support.';
const unblockAccount = 'Check the account in WhatsApp Manager (Account quality), and appeal there.';
const callFailed = 'Check the SDP and your firewall. Then start a new call if the user agrees.';
const groupPicture = 'Use a square JPEG of at least 192 pixels and at most 5 MB.';
const waitMinutes = 'Wait a few minutes, then retry.';
const onboardAgain = 'To request them again, the business has to disconnect in the app and go through Embedded Signup again.';

const permissionMissing: CodeText = [
  'A permission was not granted, or was removed.',
  "Check the scopes of the token (debugToken) and its user's access to the asset.",
];
const notStored: CodeText = [
  'Meta dropped the message, because it could not deliver it without storing it.',
  'The number uses no-storage mode. Send the message again when the recipient is online.',
];
const paymentProblem: CodeText = [
  "The account can't pay. Its payment method is missing, invalid or out of funds. Without one, Meta delivers only free messages.",
  'Add or fix the payment method of the account in Meta Business Suite, or add funds to a prepaid account.',
];
const sipProblem: CodeText = [
  'The SIP server of the number has a problem.',
  'Check its host, port and certificate in the call settings of the number.',
];
const signupProblem: CodeText = ['The request for a signup in the app is invalid.', fixRequest];
const numberProblem: CodeText = [
  "The number can't be added, moved or verified. It is already registered, the code is wrong, or the two accounts don't meet the requirements.",
  'Read error_user_msg. Before a move, turn off two-step verification at the old provider.',
];

/**
 * Texts for every code that Meta documents, including codes of webhooks and health reports. The entry 200 is for 200 to
 * 299.
 *
 * Source: Meta, Error codes and the pages of the products, Dec 2025 to Sep 2026.
 */
export const codeTexts: Readonly<Record<number, CodeText>> = {
  0: ['Meta could not authenticate the app user. The token is missing, expired or invalid.', newToken],
  1: [
    'The API had an unknown error, or the request is malformed.',
    `Check the method, path and JSON of the request. You can retry a read. ${metaSupport}`,
  ],
  2: ['The API is temporarily down or overloaded.', useLater],
  3: [
    "The app doesn't have the capability or permission for this method.",
    'Add the permission to the app, and request App Review for live use.',
  ],
  4: ['The app made too many requests.', 'Wait as long as X-App-Usage says, at most one hour. Then send requests less often.'],
  10: permissionMissing,
  33: [
    "The ID doesn't exist, was deleted, or isn't accessible with this token.",
    'Check the ID, and check which business the token belongs to.',
  ],
  100: ["A parameter is invalid, misspelled or not supported, or the object doesn't exist for this token.", fixRequest],
  190: ['The access token is invalid, has expired, or was revoked.', newToken],
  200: permissionMissing,
  368: ['The account is temporarily blocked for a policy violation.', unblockAccount],
  613: ['You requested call permissions too often.', 'Wait, and request the permission of each user only once before a call.'],
  2064: ['The flow ID is invalid.', 'Use the ID of a flow of the same WhatsApp Business Account.'],
  2065: ['The flow message version is invalid.', 'Send flow_message_version 3.'],
  2066: [
    "The mode of the flow message doesn't match the state of the flow.",
    'Use the mode draft for a draft, and published for a published flow.',
  ],
  2067: ["A draft flow can't be sent here.", 'Publish the flow, or send it from a number of the account that owns it.'],
  2068: ['The flow is blocked.', 'Fix its endpoint, and check its health in WhatsApp Manager.'],
  2069: ['The flow is throttled.', 'Fix its endpoint. Until then, Meta sends only 10 messages with the flow in an hour.'],
  2070: ['The version of the flow has expired.', 'Update the flow to a supported version, and publish it.'],
  80007: [
    'The WhatsApp Business Account has reached its request limit.',
    'Wait as long as X-Business-Use-Case-Usage says. Then send requests less often.',
  ],
  36007: ['The code of Embedded Signup has expired.', 'Start Embedded Signup again. A code works for 30 seconds.'],
  36009: ['The code of Embedded Signup was already used.', 'Start Embedded Signup again. A code works only once.'],
  130403: ['The business has blocked this user.', 'Unblock the user first.'],
  130429: ['The number sent more messages per second than its throughput allows.', slowDown],
  130472: [
    'Meta did not deliver the marketing message, because the user is part of an experiment.',
    "Don't retry. Contact the user in another way.",
  ],
  130497: [
    "The business isn't allowed to message users in this country.",
    "Don't send to this country. See Meta's rules for countries and business categories.",
  ],
  130501: [
    'A message in a group has an unsupported type.',
    "You can't fix this, because the webhook doesn't contain the content of the message.",
  ],
  131000: ['Meta had an unknown error.', `${useLater} ${metaSupport}`],
  131005: [
    "The token doesn't have the required permission.",
    'Check the scopes of the token (debugToken), especially whatsapp_business_messaging.',
  ],
  131008: ['A required parameter is missing.', fixRequest],
  131009: ['A parameter has an invalid value. For a reaction, its message is too old, deleted, or is itself a reaction.', fixRequest],
  131016: ['A service of Meta is temporarily unavailable.', useLater],
  131020: ['The group has no other participant.', 'Wait until a customer joins the group.'],
  131021: ['The recipient and the sender are the same number.', 'Send to another number.'],
  131026: [
    'The message is undeliverable. The recipient is not on WhatsApp, uses an old app, has not accepted the terms, or is not able to receive this message.',
    "Ask the customer to send you a message or to update WhatsApp. Don't retry.",
  ],
  131030: [
    "The recipient is not in the test number's list of recipients.",
    'Add the number in the App Dashboard, in the spelling you send to: Mexico 52 or 521, Argentina 54 or 549, Brazil with or without the ninth digit. Or use a real business number.',
  ],
  131031: ['The account is locked for a policy violation, or data such as the PIN is wrong.', unblockAccount],
  131035: notStored,
  131036: notStored,
  131037: ['Meta has not approved the display name of the number yet.', 'Get the display name approved in WhatsApp Manager.'],
  131041: ["The group doesn't exist.", 'Check the group ID. The group may have been deleted.'],
  131042: paymentProblem,
  131044: ['The payment method for calls has a problem.', 'Add or fix the payment method of the account in Meta Business Suite.'],
  131045: [
    'The registration of the number or its certificate is invalid.',
    'Register the number again if it is only on Cloud API. Let a coexistence number go through Embedded Signup again.',
  ],
  131047: [
    "More than 24 hours have passed since the customer's last message.",
    "Send a template. The customer's reply opens the window again.",
  ],
  131048: [
    'Meta limits the number, because customers blocked or reported too many of its messages.',
    'Send fewer messages to better chosen customers. Check the quality rating in WhatsApp Manager.',
  ],
  131049: [
    'Meta did not deliver the marketing message, because this user receives many of them.',
    "Don't retry immediately. Retry after at least 24 hours, or contact the user in another way.",
  ],
  131050: [
    'The user stopped marketing messages from this business.',
    'Send no marketing messages to this user until a user_preferences webhook reports resume.',
  ],
  131051: [
    'The message type is not supported.',
    'Use a type that Cloud API supports. The webhook of an incoming message of such a type does not contain its content.',
  ],
  131052: [
    'Meta could not download a media file.',
    'For your own link, check that Meta can download the file without a login. For an incoming file, ask the customer to send it again.',
  ],
  131053: ['A media file could not be uploaded or used.', 'Check its MIME type, codec and size against the table of supported media.'],
  131055: [
    'The method is not allowed here. The endpoint accepts only marketing templates, or calls use SIP.',
    'Use the endpoint for this message or number.',
  ],
  131056: [
    'The number sent too many messages to the same recipient in a short time.',
    'Wait 6 seconds for each message, or longer after a burst, then send again. The error does not affect other recipients.',
  ],
  131057: ['The account is in maintenance, often for a throughput upgrade.', 'Send again after about one minute.'],
  131059: ['The cursor of the list is invalid or has expired.', 'List again from the start.'],
  131060: [
    'The message is not available. This is known for companion devices of a coexistence number.',
    "You can't fix this. Meta may send the content later with the same ID.",
  ],
  131061: [
    'The template has a max price, and this endpoint does not support it.',
    'Send the template with sendMarketingMessage, or remove its optimization_spec.',
  ],
  131062: [
    "This message can't be sent to a business-scoped user ID.",
    'Send it to the phone number. One-tap, zero-tap and copy-code templates, and templates with a max price, require one.',
  ],
  131063: [
    'This account does not allow marketing templates on the messages endpoint.',
    'Use sendMarketingMessage, or turn this setting of the account off.',
  ],
  131064: [
    'The account reached a limit, because its templates had the wrong category too often.',
    "Use the category that Meta specifies. Check the account's template notices.",
  ],
  131065: [
    "Templates with a max price are not available in the recipient's country.",
    'Send a template without optimization_spec to this recipient.',
  ],
  131070: [
    'Another responder owns the conversation with this customer.',
    'Wait for a messaging_handovers webhook with control_passed. If you are the escalation partner, call takeThreadControl.',
  ],
  131201: ['A group action succeeded only for some users.', 'Check which users failed and why. Repeat the action only for them.'],
  131202: ['The participant is listed twice, or is already in the group.', 'List each participant once.'],
  131203: ['The participant has not accepted the terms.', 'Ask the user to update WhatsApp and accept the terms.'],
  131204: ['The group would have too many participants.', 'A group can have at most eight participants.'],
  131207: ['The group is suspended.', 'Wait for a group_status_update webhook with group_suspend_cleared, or create another group.'],
  131208: ['You sent too many group actions.', slowDown],
  131209: ['The group picture is not square.', groupPicture],
  131210: ['The group picture is smaller than 192 pixels.', groupPicture],
  131211: ['The number has reached its limit of groups.', 'Delete unused groups. A number can have 10,000.'],
  131212: ['The user is not in the group.', 'Use getGroup to see its participants.'],
  131213: ["The join request doesn't exist.", 'List the join requests again. The user may have withdrawn the request.'],
  131214: ["New groups can't be created at the moment.", 'Retry later.'],
  131215: ["The number isn't allowed to use groups.", 'Use a number with an Official Business Account that is not a coexistence number.'],
  132000: ["The number of values doesn't match the template.", 'Pass one value for each variable of each component.'],
  132001: [
    "The template doesn't exist in this language, or is not approved.",
    'Check the name and language with listTemplates. After an approval, wait a few minutes.',
  ],
  132005: ['The text is too long with the values.', 'Shorten the values.'],
  132007: [
    "The content violates Meta's rules for characters or content.",
    'Remove line breaks, tabs and more than four consecutive spaces from the values. Check why Meta rejected the template.',
  ],
  132008: ['A value of the template is invalid.', 'Compare each value with the type of its parameter in the template.'],
  132012: [
    'A value has the wrong format for the template.',
    'Compare the type of each parameter with the template: text, media, currency or date.',
  ],
  132015: ['Meta paused the template for low quality.', 'Wait until the pause ends (3 hours, then 6), and improve the template.'],
  132016: ['Meta disabled the template, because it was paused too often.', 'Create a new template with different content.'],
  132018: [
    'A parameter of the template is invalid.',
    "Compare each parameter with the template. Values can't contain line breaks, tabs or more than four consecutive spaces.",
  ],
  132068: ['The flow of the template is blocked.', 'Fix the endpoint of the flow, and check its health in WhatsApp Manager.'],
  132069: [
    'The flow of the template is throttled. It was sent 10 times in the last hour.',
    'Fix the endpoint of the flow. Until then, send fewer messages with it.',
  ],
  133000: ['An earlier deregistration did not finish.', 'Deregister the number again, then register it.'],
  133004: ['The registration server is not available.', waitMinutes],
  133005: ['The two-step verification PIN is wrong.', 'Use the PIN that was set. The business can reset it in WhatsApp Manager.'],
  133006: ['The number has to be verified again before its registration.', 'Call requestVerificationCode and verifyCode first.'],
  133008: ['You sent too many wrong PINs.', 'Wait as long as the details say before the next attempt.'],
  133009: ['You sent PINs too quickly.', 'Wait as long as the details say before the next attempt.'],
  133010: [
    'The number is not registered on Cloud API.',
    'Register the number if it is only on Cloud API. A coexistence number was disconnected in the app. Let it go through Embedded Signup again.',
  ],
  133015: ['The deletion of the number is still in progress.', 'Wait 5 minutes, then register the number.'],
  133016: [
    'The number was registered and deregistered 10 times within 72 hours.',
    'Wait 72 hours. Never register a coexistence number with the API.',
  ],
  134011: ['The business has not accepted the terms of WhatsApp payments.', 'Ask the business to accept them in WhatsApp Manager.'],
  134100: ['This endpoint accepts only marketing templates.', 'Use sendMessage for other categories.'],
  134101: ['Meta is still preparing the template for marketing messages.', 'Send again within 10 minutes.'],
  134102: ["The template can't be used for marketing messages.", 'Check that the account is onboarded to the Marketing Messages API.'],
  134103: ["The template can't be used for marketing messages. Meta gives no reason.", metaSupport],
  135000: [
    "A parameter of the request is invalid, but Meta doesn't say which one.",
    `Start with the smallest request that fails, and add its parts one by one. ${metaSupport}`,
  ],
  136024: ['The number is already verified.', 'Continue without a code.'],
  137000: [
    "The user's identity has changed, so its hash doesn't match the one in the message.",
    'Verify the identity of the user. Then send with the new hash or without one.',
  ],
  138000: ['Calling is not enabled for the number.', 'Enable it with updatePhoneNumberSettings. Coexistence numbers do not support it.'],
  138001: ["The user can't be called.", 'The user needs a current app and must accept the terms. Send a message instead.'],
  138002: ['The number has 1,000 concurrent calls.', 'Wait until calls end.'],
  138003: ['A call with this user is already in progress.', 'Continue or end that call.'],
  138004: ['The call could not be connected.', newCall],
  138005: ['You started calls too quickly.', slowDown],
  138006: ['The user has not allowed calls.', 'Send a message of type call_permission_request. Call after the user grants the permission.'],
  138007: ['The call could not be connected in time.', newCall],
  138009: ['You asked the user for call permission too often.', 'Wait. You can ask once in 24 hours and twice in 7 days.'],
  138011: [
    'Meta mentions this code only in its questions and answers on calling, for development and tests.',
    `Read the details of the error. ${metaSupport}`,
  ],
  138012: ['The business has reached its limit of calls to this user in 24 hours.', 'Wait until the limit in getCallPermissions ends.'],
  138013: [
    'Calls by the business are not available in this country or for this number.',
    'Ask the user to call you. Meta publishes a list of the countries.',
  ],
  138014: [
    'Meta turned calls off temporarily, because users gave negative feedback.',
    'Call only users who expect it. The notice in WhatsApp Manager shows when the restriction ends.',
  ],
  138015: [
    "Calling can't be enabled, because the messaging limit is under 2,000.",
    'Increase the messaging limit of the business portfolio first.',
  ],
  138017: ['The user has already granted permanent permission.', 'Call the user without another request.'],
  138018: [
    'A requirement for calls is missing.',
    'Check the requirements of the Calling API: payment method, webhooks and messaging limit.',
  ],
  138019: ['The media connection of the call could not be set up.', callFailed],
  138020: ['The media connection of the call failed at the relay.', callFailed],
  138021: ['The call failed while it received media.', callFailed],
  138022: ['The call failed while it sent media.', callFailed],
  138023: ['The call had no media signals.', callFailed],
  138024: sipProblem,
  138025: sipProblem,
  138038: [
    'Another app is the primary responder for calls of this number.',
    'Change the Incoming Call entry point in the conversation routing of Meta Business Suite.',
  ],
  139000: ["The account isn't allowed to use flows.", unblockAccount],
  139001: ["The flow can't be updated in its current state.", 'Update a draft. To change a published flow, clone it.'],
  139002: ["The flow can't be published, because it has errors.", 'Read its validation_errors, and fix its JSON.'],
  139003: ["The flow can't be deprecated in its current state.", 'You can deprecate only published flows.'],
  139004: ["The flow can't be deleted in its current state.", 'You can delete only drafts. Deprecate a published flow instead.'],
  139006: ["The flow's metrics are too low for this action.", 'Improve the flow and its endpoint, then retry later.'],
  139100: [
    'Some users could not be blocked or unblocked.',
    'Read the reason for each user in failed_users. The action succeeded for the other users.',
  ],
  139101: ['The list of blocked users is full (64,000).', 'Unblock some users first.'],
  139102: ['The list of blocked users changed while you read it.', 'List again from the start.'],
  139103: ["Meta's block list had an internal error.", useLater],
  141002: ['The template is not approved.', 'Wait for the approval, or appeal the rejection.'],
  141006: paymentProblem,
  141010: ['The business is not verified.', 'Verify the business in the Security Center.'],
  141014: ['The WhatsApp Business Account is banned.', unblockAccount],
  147001: ['The username is not available.', 'Choose another one. listUsernameSuggestions returns available names.'],
  147002: ["The business isn't eligible for a username yet.", 'Check the requirements in WhatsApp Manager.'],
  147003: [
    'The name belongs to a Facebook Page that is not linked to this business.',
    'Link the Page to the business portfolio, or choose another name.',
  ],
  147004: [
    'The name belongs to an Instagram account that is not linked to this business.',
    'Link the account to the business portfolio, or choose another name.',
  ],
  147005: [
    'Another number of the business has this username.',
    'To move it, call setUsername with takeOver, which sends the transfer_action force_transfer.',
  ],
  200005: ['Template insights are not enabled.', "Set is_enabled_for_insights on the account. You can't undo this."],
  200006: ["Template insights can't be enabled for this account.", 'Check the requirements in WhatsApp Manager.'],
  200007: ['Template insights are not available.', 'Meta offers them only for some templates and regions.'],
  1752041: ['The business already has an invitation to onboard.', 'Wait until it responds to the first invitation.'],
  2388001: numberProblem,
  2388012: numberProblem,
  2388019: [
    'The account has reached its limit of templates.',
    'Delete some templates. Unverified businesses can have 250, and verified ones 6,000.',
  ],
  2388039: [
    "The template can't be edited in its current state.",
    'You can edit approved, rejected and paused templates once in 24 hours, and 10 times in 30 days.',
  ],
  2388040: ['A text of the template is too long.', 'The header can have 60 characters, the body 1,024 and the footer 60.'],
  2388047: [
    'The header of the template is invalid.',
    'Use at most one variable, no line breaks, no emoji and no markup. Add an example for the variable.',
  ],
  2388072: ['The body of the template is invalid.', 'Number the variables from 1 or give them names. Add an example for each.'],
  2388073: ['The footer of the template is invalid.', 'Use at most 60 characters and no variables.'],
  2388077: ["The requested analytics don't exist.", 'Check the period, granularity and template IDs.'],
  2388091: numberProblem,
  2388093: numberProblem,
  2388103: numberProblem,
  2388293: ['The template has too many variables for the length of its text.', 'Add text, or remove variables.'],
  2388299: ['The template starts or ends with a variable.', 'Add text before the first and after the last variable.'],
  2494100: ['The number is in maintenance.', waitMinutes],
  2494164: ['The signup form in the app was not found.', 'List the signup forms of the account.'],
  2494165: ['Signups in the app are not enabled for the account.', 'Check whether the account has the feature.'],
  2494166: signupProblem,
  2494167: signupProblem,
  2494168: signupProblem,
  2494176: signupProblem,
  2494177: signupProblem,
  2494179: signupProblem,
  2494191: [
    'Only the escalation partner can take control of a conversation.',
    'Wait until the owner passes or releases it, or change the roles in the conversation routing of Meta Business Suite.',
  ],
  2593079: ['The account is already marked for a move to another solution.', 'Finish or cancel the first move.'],
  2593085: [
    "The ownership of the account can't be transferred from the business that shared it.",
    'Check the requirements for a change of ownership.',
  ],
  2593107: ['Contacts or history were already requested after this onboarding.', `Each can be requested only once. ${onboardAgain}`],
  2593108: ['The 24 hours to request contacts and history are over.', onboardAgain],
  2593109: ['The business chose not to share its history.', 'Continue without it. Meta asks the business again only in a new onboarding.'],
  2655093: ["Embedded Signup stopped with an error that Meta doesn't explain.", `Start again with an up-to-date app. ${metaSupport}`],
  3441041: ['Embedded Signup found that the number belongs to another account.', 'Disconnect the number there first, then onboard it.'],
};
