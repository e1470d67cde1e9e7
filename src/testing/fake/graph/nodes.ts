import { blockUserRoutes } from '../endpoints/block-user-endpoints.js';
import { businessProfileRoutes } from '../endpoints/business-profile-endpoints.js';
import { templateAnalyticsRoutes } from '../endpoints/analytics-endpoints.js';
import { appDataSyncRoutes } from '../endpoints/app-data-sync-endpoints.js';
import type { AuthorizedCall, Call, NumberCall, Routes, WabaCall } from '../endpoints/call.js';
import { callRoutes } from '../endpoints/call-endpoints.js';
import { flowFields, flowNodeRoutes, flowRoutes } from '../endpoints/flow-endpoints.js';
import { groupNodeRoutes, groupRoutes } from '../endpoints/group-endpoints.js';
import { mediaRoutes } from '../endpoints/media-endpoints.js';
import { messageHistoryRoutes } from '../endpoints/message-history-endpoints.js';
import { messageRoutes } from '../endpoints/message-endpoints.js';
import { numberSettingRoutes } from '../endpoints/number-setting-endpoints.js';
import { numberFields, phoneNumberRoutes, phoneNumbersOfWaba } from '../endpoints/phone-number-endpoints.js';
import {
  migrationIntentRoutes,
  mobilityIntentRoutes,
  partnerRoutesOfWaba,
  signupNodeRoutes,
} from '../endpoints/partners/account-endpoints.js';
import { businessRoutes, preverifiedNodeRoutes, userRoutes } from '../endpoints/partners/business-endpoints.js';
import { botNodeRoutes, encryptedMessageRoutes, profileNodeRoutes } from '../endpoints/partners/number-node-endpoints.js';
import { solutionNodeRoutes } from '../endpoints/partners/solution-endpoints.js';
import { qrCodeRoutes } from '../endpoints/qr-code-endpoints.js';
import { registrationRoutes } from '../endpoints/registration-endpoints.js';
import { templatePreviewRoutes } from '../endpoints/template-library-endpoints.js';
import { templateFields, templateNodeRoutes, templateRoutes } from '../endpoints/template-endpoints.js';
import { threadControlRoutes } from '../endpoints/thread-control-endpoints.js';
import { usernameRoutes } from '../endpoints/username-endpoints.js';
import { wabaFields, wabaRoutes } from '../endpoints/waba-endpoints.js';
import type { Answer, GraphRecord, Waba } from '../entities.js';

/** `/{waba-id}` and its edges. */
export const wabaNodeRoutes: Routes<WabaCall> = {
  ...wabaRoutes,
  ...phoneNumbersOfWaba,
  ...templateRoutes,
  ...templatePreviewRoutes,
  ...templateAnalyticsRoutes,
  ...flowRoutes,
  ...partnerRoutesOfWaba,
};

/** `/{phone-number-id}` and its edges. */
export const numberNodeRoutes: Routes<NumberCall> = {
  ...phoneNumberRoutes,
  ...messageRoutes,
  ...encryptedMessageRoutes,
  ...mediaRoutes,
  ...registrationRoutes,
  ...appDataSyncRoutes,
  ...businessProfileRoutes,
  ...numberSettingRoutes,
  ...qrCodeRoutes,
  ...blockUserRoutes,
  ...usernameRoutes,
  ...threadControlRoutes,
  ...messageHistoryRoutes,
  ...callRoutes,
  ...groupRoutes,
};

/** A kind of node. */
export type NodeKind =
  | 'waba'
  | 'number'
  | 'template'
  | 'flow'
  | 'group'
  | 'business'
  | 'user'
  | 'profile'
  | 'bot'
  | 'solution'
  | 'preverified'
  | 'migration-intent'
  | 'mobility-intent'
  | 'signup';

/** What the fake knows of a kind of node. */
interface NodeTable {
  /** The name in errors. */
  readonly type: string;
  /** Methods and edges, such as `GET phone_numbers`. */
  readonly keys: readonly string[];
  /** Fields that have the name of an edge are read as fields. */
  readonly fields: ReadonlySet<string>;
}

const tableOf = (type: string, routes: object, fields: ReadonlySet<string> = new Set()): NodeTable => ({
  type,
  keys: Object.keys(routes),
  fields,
});

/** All kinds of nodes. */
export const nodeKinds: Readonly<Record<NodeKind, NodeTable>> = {
  waba: tableOf('WhatsAppBusinessAccount', wabaNodeRoutes, wabaFields),
  number: tableOf('WhatsAppBusinessPhoneNumber', numberNodeRoutes, numberFields),
  template: tableOf('WhatsAppMessageTemplate', templateNodeRoutes, templateFields),
  flow: tableOf('WhatsAppBusinessFlow', flowNodeRoutes, flowFields),
  group: tableOf('WhatsAppBusinessGroup', groupNodeRoutes),
  business: tableOf('Business', businessRoutes),
  user: tableOf('User', userRoutes),
  profile: tableOf('WhatsAppBusinessProfile', profileNodeRoutes),
  bot: tableOf('WhatsAppBusinessBot', botNodeRoutes),
  solution: tableOf('WhatsAppBusinessSolution', solutionNodeRoutes),
  preverified: tableOf('WhatsAppBusinessPreVerifiedPhoneNumber', preverifiedNodeRoutes),
  'migration-intent': tableOf('WhatsAppBusinessSolutionMigrationIntent', migrationIntentRoutes),
  'mobility-intent': tableOf('WhatsAppBusinessOBOMobilityIntent', mobilityIntentRoutes),
  signup: tableOf('WhatsAppBusinessSignup', signupNodeRoutes),
};

/** The kind of the items of an edge, if they are nodes that have edges. */
const itemKinds: Readonly<Record<string, NodeKind>> = {
  phone_numbers: 'number',
  message_templates: 'template',
  flows: 'flow',
  owned_whatsapp_business_accounts: 'waba',
  client_whatsapp_business_accounts: 'waba',
};

/** A node that a token reaches. */
export interface GraphNode {
  readonly kind: NodeKind;
  /** The account whose management calls are counted. */
  readonly waba: Waba | undefined;
  /** The handler of a method and edge, such as `GET phone_numbers`. */
  readonly handlerOf: (key: string) => ((call: AuthorizedCall) => Answer | Promise<Answer>) | undefined;
}

/** Makes a node. */
export function nodeOf<Added extends object>(
  kind: NodeKind,
  routes: Routes<AuthorizedCall & Added>,
  added: Added,
  waba: Waba | undefined,
): GraphNode {
  return {
    kind,
    waba,
    handlerOf(key) {
      const handler = Object.hasOwn(routes, key) ? routes[key] : undefined;
      return handler && ((call) => handler({ ...call, ...added }));
    },
  };
}

/** The node of an object that only stores what it was given. */
export function recordNode(record: GraphRecord): GraphNode | undefined {
  switch (record.kind) {
    case 'solution':
      return nodeOf('solution', solutionNodeRoutes, { record }, undefined);
    case 'preverified':
      return nodeOf('preverified', preverifiedNodeRoutes, { record }, undefined);
    case 'migration-intent':
      return nodeOf('migration-intent', migrationIntentRoutes, { record }, undefined);
    case 'mobility-intent':
      return nodeOf('mobility-intent', mobilityIntentRoutes, { record }, undefined);
    case 'signup':
      return nodeOf('signup', signupNodeRoutes, { record }, undefined);
    case 'schedule':
    case 'catalog':
      return undefined;
  }
}

/**
 * Returns whether a field of a node is an edge that can be read along with it. A field of the same name has priority.
 */
export function isEdgeOf(kind: NodeKind, name: string): boolean {
  return !nodeKinds[kind].fields.has(name) && nodeKinds[kind].keys.includes(`GET ${name}`);
}

/** The kind of what an edge lists. */
export function itemKindOf(edge: string): NodeKind | undefined {
  return Object.hasOwn(itemKinds, edge) ? itemKinds[edge] : undefined;
}

/** Returns whether some node has this edge. */
export function isKnownEdge(name: string): boolean {
  const isOf = (key: string): boolean => key.split(' ')[1]?.split('/')[0] === name;
  return name === 'events' || Object.values(nodeKinds).some(({ keys }) => keys.some(isOf));
}

/** The call at another edge of the same or another node. */
export function callAt(call: AuthorizedCall, path: string, fields: Call['fields']): AuthorizedCall {
  return { ...call, method: 'GET', path, item: '', fields };
}
