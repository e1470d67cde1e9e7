import { isRecord } from '../../../runtime/json.js';
import { invalidParameter, refuse } from '../refusal.js';
import { isOwnedByApp, releaseThread, setThreadOwner } from '../threads.js';
import { optionalText, requireProduct, requiredText, type NumberCall, type Routes } from './call.js';
import { recipientOf } from './read-recipient.js';

const roles: ReadonlySet<string> = new Set(['ai_agent', 'ctwa', 'customer_service', 'escalation', 'marketing', 'utility']);
const escalation = 'escalation';
/** In code points: Meta doesn't document how it counts, and this count accepts most. */
const maxMetadata = 2_000;

/**
 * `POST /{phone-number-id}/thread_control`: passes, releases or takes the thread with a customer. Source: Meta, Conversation Routing (12 Oct 2026).
 */
export const threadControlRoutes: Routes<NumberCall> = {
  'POST thread_control'(call) {
    const { number, state, fields } = call;
    requireProduct(call);
    const action = requiredText(call, 'action');
    const person = recipientOf(call);
    const { metadata } = fields;
    if (metadata !== undefined && (typeof metadata !== 'string' || Array.from(metadata).length > maxMetadata)) {
      throw invalidParameter(`Param metadata must be a string of at most ${String(maxMetadata)} characters.`);
    }
    if (fields.control_pass !== undefined && action !== 'pass')
      throw invalidParameter('Param control_pass is only valid with action pass.');
    switch (action) {
      case 'pass': {
        const owner = targetRole(call);
        requireOwnership(call, person.waId);
        if (owner === number.routing?.role) throw invalidParameter('The thread is yours already.');
        setThreadOwner(state, number, person, { type: 'control_passed', owner });
        break;
      }
      case 'release':
        requireOwnership(call, person.waId);
        releaseThread(state, number, person);
        break;
      case 'take':
        if (number.routing?.role !== escalation)
          throw refuse(2494191, 'Only the escalation partner can take a thread.', { error_subcode: 2494191 });
        setThreadOwner(state, number, person, { type: 'control_taken', owner: escalation });
        break;
      default:
        throw invalidParameter('Param action must be one of {PASS, RELEASE, TAKE}.');
    }
    return { messaging_product: 'whatsapp', request_id: state.world.ids.requestId() };
  },
};

/** The new owner of a passed thread: without `control_pass`, the escalation partner. */
function targetRole(call: NumberCall): string {
  const { control_pass: pass } = call.fields;
  if (pass === undefined) return escalation;
  const role = isRecord(pass) ? optionalText({ ...call, fields: pass }, 'target_role') : undefined;
  if (role === undefined || !roles.has(role)) {
    throw invalidParameter(`Param control_pass['target_role'] must be one of {${[...roles].join(', ').toUpperCase()}}.`);
  }
  return role;
}

function requireOwnership({ number }: NumberCall, customerWaId: string): void {
  // Meta does not publish the code of this error.
  if (!isOwnedByApp(number, customerWaId)) throw invalidParameter('The thread is not owned by this app.');
}
