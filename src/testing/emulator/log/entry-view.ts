import { describeError } from '../../../errors/describe-error.js';
import { isRecord } from '../../../runtime/json.js';
import type { FakeDelivery } from '../../fake/fake-delivery.js';
import type { FakeRequestRecord } from '../../fake/fake-request.js';
import type { DeliveryEntryView, LogEntryView, RequestEntryView } from '../view.js';
import { summarizeDelivery } from './about-delivery.js';
import { aboutRequest } from './about-request.js';
import type { LogEntry } from './log-entry.js';

/** Returns an entry as the page shows it. */
export function entryView(entry: LogEntry): LogEntryView {
  const place = { position: entry.position, at: new Date(entry.atMs).toISOString() };
  return 'request' in entry ? { ...place, ...requestEntry(entry.request) } : { ...place, ...deliveryEntry(entry.delivery) };
}

/** Returns the facts of a request: status, Meta's code, its explanation and a remedy. */
export function requestEntry(request: FakeRequestRecord): Omit<RequestEntryView, 'position' | 'at'> {
  const { method, path, status, errorCode: code, errorSubcode: subcode, fault } = request;
  const description = code === undefined ? undefined : describeError({ code, ...(subcode !== undefined && { subcode }) });
  const problem = code === undefined ? undefined : explanationOf(request);
  return {
    kind: 'request',
    method,
    path,
    about: aboutRequest(request),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(subcode !== undefined && { subcode }),
    ...(problem !== undefined && { problem }),
    ...(description && { remedy: description.remedy }),
    ...(fault !== undefined && { fault }),
  };
}

/** Returns the facts of a delivery. */
export function deliveryEntry(delivery: FakeDelivery): Omit<DeliveryEntryView, 'position' | 'at'> {
  const { id, fields, state, reason, duplicateOf, attempts } = delivery;
  return {
    kind: 'delivery',
    id,
    fields: [...new Set(fields)],
    ...summarizeDelivery(delivery),
    state,
    ...(reason !== undefined && { reason }),
    duplicate: duplicateOf !== undefined,
    attempts: attempts.map(({ at, ...result }) => ({ at: at.toISOString(), ...result })),
  };
}

function explanationOf({ responseText = '' }: FakeRequestRecord): string | undefined {
  try {
    const response: unknown = JSON.parse(responseText);
    const error = isRecord(response) && isRecord(response.error) ? response.error : {};
    const details = isRecord(error.error_data) ? error.error_data.details : undefined;
    const text = error.error_user_msg ?? details ?? error.message;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
