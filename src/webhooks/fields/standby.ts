import { messageOf } from './content.js';
import { factsOf, personOf, readStatus, senderOf } from './messages.js';
import type { Scope } from './scope.js';

/** Reads the field `standby`: a conversation that another app holds. Nothing of it is this app's to answer. */
export function readStandby(scope: Scope): void {
  const inner = scope.inner('standby');
  if (!inner) return;
  for (const raw of inner.take('messages')) readWatched(inner, raw, 'standby.message', 'from');
  for (const raw of inner.take('message_echoes')) readWatched(inner, raw, 'standby.echo', 'to');
  for (const raw of inner.take('statuses')) readStatus(inner, raw, 'standby.status');
  inner.emitLeftovers();
}

function readWatched(scope: Scope, raw: unknown, type: 'standby.message' | 'standby.echo', role: 'from' | 'to'): void {
  const message = messageOf(raw);
  scope.emit(type, raw, { message }, factsOf(raw, message, role === 'from' ? senderOf(scope, raw) : personOf(scope, raw, role)));
}
