import { invalidParameter, refuse, webhookError } from '../refusal.js';
import type { FakeState } from '../fake-state.js';
import { soonMs } from '../fake-state.js';
import { changeFor } from '../../payloads/webhook-payload.js';
import { digitsOf } from '../digits.js';
import type { Answer, BusinessNumber, Group } from '../entities.js';
import { personOf, shownIds } from '../people.js';
import { listOf, optionalText, recordsOf, requireProduct, type GroupCall, type NumberCall, type Routes } from './call.js';
import { refuseFeatureOnApp } from './app-restrictions.js';
import { fieldsOf, pageOf } from './listing.js';

/** Source: Meta, Groups API (14 Nov 2025). */
const mostSubject = 128;
const mostDescription = 2_048;
const mostParticipants = 8;

/** `/{phone-number-id}/groups`: for Official Business Accounts that are not on the Business app. */
export const groupRoutes: Routes<NumberCall> = {
  'GET groups'(call) {
    requireGroups(call);
    const groups = [...call.state.world.groups.values()].filter(({ phoneNumberId }) => phoneNumberId === call.number.id);
    const { data, ...paging } = pageOf(
      call,
      groups.map(({ id, subject, createdAtMs }) => ({ id, subject, created_at: String(Math.floor(createdAtMs / 1_000)) })),
    );
    return { data: { groups: data }, ...paging };
  },
  'POST groups'(call) {
    const { number, state } = call;
    requireGroups(call);
    requireProduct(call);
    const { world } = state;
    const { subject, description } = textsOf(call);
    if (subject === undefined) throw refuse(131008, 'The parameter subject is required.');
    const group: Group = {
      id: world.ids.groupId(),
      phoneNumberId: number.id,
      subject,
      description,
      joinApprovalMode: optionalText(call, 'join_approval_mode') ?? 'auto_approve',
      inviteLink: newLink(state),
      createdAtMs: world.now(),
      participants: new Set(),
      joinRequests: new Map(),
    };
    world.groups.set(group.id, group);
    return later(state, number, 'group_lifecycle_update', {
      type: 'group_create',
      group_id: group.id,
      subject,
      ...(description !== undefined && { description }),
      invite_link: group.inviteLink,
      join_approval_mode: group.joinApprovalMode,
    });
  },
};

/** `/{group-id}`. */
export const groupNodeRoutes: Routes<GroupCall> = {
  'GET '(call) {
    const { group, state } = call;
    const described: Answer = {
      subject: group.subject,
      description: group.description,
      participants: [...group.participants].map((waId) => shownIds(personOf(state.world, waId))),
      total_participant_count: group.participants.size + 1,
      join_approval_mode: group.joinApprovalMode,
      suspended: false,
      creation_timestamp: String(Math.floor(group.createdAtMs / 1_000)),
    };
    const asked = fieldsOf(call).map(({ name }) => name);
    const shown = asked.length > 0 ? asked : ['subject'];
    return {
      messaging_product: 'whatsapp',
      id: group.id,
      ...Object.fromEntries(shown.flatMap((name) => (described[name] === undefined ? [] : [[name, described[name]]]))),
    };
  },
  'POST '(call) {
    const { group, number, state } = call;
    requireProduct(call);
    const { subject, description } = textsOf(call);
    group.subject = subject ?? group.subject;
    group.description = description ?? group.description;
    return later(state, number, 'group_settings_update', {
      type: 'group_settings_update',
      group_id: group.id,
      ...(subject !== undefined && { group_subject: { text: subject, update_successful: true } }),
      ...(description !== undefined && { group_description: { text: description, update_successful: true } }),
      ...('profile_picture_file' in call.files && { profile_picture: { mime_type: 'image/jpeg', update_successful: true } }),
    });
  },
  'DELETE '({ group, number, state }) {
    state.world.groups.delete(group.id);
    return later(state, number, 'group_lifecycle_update', { type: 'group_delete', group_id: group.id });
  },
  'GET invite_link': ({ group }) => ({ messaging_product: 'whatsapp', invite_link: group.inviteLink }),
  'POST invite_link'({ group, state }) {
    group.inviteLink = newLink(state);
    return { messaging_product: 'whatsapp', invite_link: group.inviteLink };
  },
  'DELETE invite_link'({ group, state }) {
    group.inviteLink = newLink(state);
    return { messaging_product: 'whatsapp', success: 'true' };
  },
  /** The OpenAPI file has it, and Meta's page says that participants join by link. */
  'POST participants'(call) {
    const { group, number, state } = call;
    requireProduct(call);
    const users = participantsOf(call);
    const added = users.filter((waId) => !group.participants.has(waId));
    for (const waId of added) group.participants.add(waId);
    return later(state, number, 'group_participants_update', {
      type: 'group_participants_add',
      group_id: group.id,
      initiated_by: 'business',
      added_participants: added.map((waId) => ({ wa_id: waId, input: waId })),
    });
  },
  'GET join_requests': (call) =>
    pageOf(
      call,
      [...call.group.joinRequests].map(([id, waId]) => ({
        join_request_id: id,
        ...shownIds(personOf(call.state.world, waId)),
        creation_timestamp: Math.floor(call.group.createdAtMs / 1_000),
      })),
    ),
  'POST join_requests': (call) =>
    answerRequests(call, 'approved_join_requests', (waId) => {
      joinGroup(call.state, call.number, call.group, waId);
    }),
  'DELETE join_requests': (call) => answerRequests(call, 'rejected_join_requests', () => undefined),
  'DELETE participants'(call) {
    const { group, number, state } = call;
    requireProduct(call);
    const users = participantsOf(call);
    const removed = users.filter((waId) => group.participants.delete(waId));
    const failed = users.filter((waId) => !removed.includes(waId));
    return later(state, number, 'group_participants_update', {
      type: 'group_participants_remove',
      group_id: group.id,
      initiated_by: 'business',
      removed_participants: removed.map((waId) => ({ wa_id: waId, input: waId })),
      ...(failed.length > 0 && {
        failed_participants: failed.map((waId) => ({ wa_id: waId, input: waId, errors: [webhookError(131212, 'Not in the group.')] })),
      }),
    });
  },
};

function participantsOf(call: GroupCall): readonly string[] {
  const users = recordsOf(listOf(call, 'participants')).map(({ user }) => digitsOf(String(user)));
  if (users.length === 0 || users.length > mostParticipants) throw refuse(131204, `At most ${String(mostParticipants)} participants.`);
  return users;
}

/** Adds a participant to a group and sends the webhook. */
export function joinGroup(state: FakeState, number: BusinessNumber, group: Group, waId: string): void {
  if (group.participants.size >= mostParticipants) return;
  group.participants.add(waId);
  state.webhooks.emitEvent(number, 'group_participants_update', {
    value: {
      type: 'group_participants_add',
      group_id: group.id,
      reason: 'invite_link',
      added_participants: [shownIds(personOf(state.world, waId))],
    },
  });
}

function requireGroups(call: NumberCall): void {
  refuseFeatureOnApp(call, 'groups-api');
  if (!call.number.isOfficial) throw refuse(131215, 'Groups need an Official Business Account.');
}

function textsOf(call: NumberCall): { readonly subject: string | undefined; readonly description: string | undefined } {
  const subject = optionalText(call, 'subject');
  const description = optionalText(call, 'description');
  if ((subject?.length ?? 0) > mostSubject) throw invalidParameter(`Param subject must be at most ${String(mostSubject)} characters long.`);
  if ((description?.length ?? 0) > mostDescription)
    throw invalidParameter(`Param description must be at most ${String(mostDescription)} characters long.`);
  return { subject, description };
}

/** Most work happens later: the response contains an ID, and a webhook with this ID contains the result. */
function later(
  state: FakeState,
  number: BusinessNumber,
  type: 'group_lifecycle_update' | 'group_settings_update' | 'group_participants_update',
  value: Answer & { readonly type: string },
): Answer {
  const requestId = state.world.ids.requestId();
  const place = { wabaId: number.wabaId, phoneNumberId: number.id, displayPhoneNumber: number.waId };
  const change = changeFor(type, {
    ...place,
    occurredAt: new Date(state.world.now()),
    value: { request_id: requestId, ...value },
  });
  state.agenda.plan({ kind: 'emit', id: requestId, change }, soonMs);
  return { messaging_product: 'whatsapp', request_id: requestId };
}

function answerRequests(call: GroupCall, done: string, act: (waId: string) => void): Answer {
  requireProduct(call);
  const answered: string[] = [];
  const failed: Answer[] = [];
  for (const id of listOf(call, 'join_requests').map(String)) {
    const waId = call.group.joinRequests.get(id);
    if (waId === undefined) failed.push({ join_request_id: id, errors: [webhookError(131213, 'There is no such request.')] });
    else {
      call.group.joinRequests.delete(id);
      act(waId);
      answered.push(id);
    }
  }
  return { messaging_product: 'whatsapp', [done]: answered, ...(failed.length > 0 && { failed_join_requests: failed }) };
}

function newLink({ world }: FakeState): string {
  return `https://chat.whatsapp.com/${world.ids.groupId().slice(0, 22)}`;
}
