/**
 * Exports `createCoexistence`, Meta's rules as dated data, and the pure functions of each module. Use the pure
 * functions if you store the state yourself.
 *
 * @module wa-coexist/coexistence
 */

export { createCoexistence } from './create-coexistence.js';
export { ListenerTimeoutError } from './listener-timeout-error.js';
export type { Coexistence, CoexistenceOptions, SweepOptions, WebhookSource } from './coexistence.js';
export type { CoexistenceEvents } from './events.js';
export type { SweepResult } from './schedule.js';

// onboarding
export { parseSessionEvent } from '../embedded-signup/session-event.js';
export type { SessionEvent, SignupCancelled, SignupFailed, SignupFinished, SignupUnknown } from '../embedded-signup/session-event.js';
export {
  importedOnboarding,
  missingSyncs,
  nextOnboardingCheck,
  nextOnboardingStep,
  onboardingChange,
} from './onboarding/onboarding-state.js';
export type {
  ImportedFacts,
  DeadlineFact,
  FoundNumber,
  NumberFacts,
  OnboardingFact,
  OnboardingRules,
  OnboardingState,
  OnboardingStatus,
  OnboardingStep,
  OnboardingStepEvent,
  StoppedBy,
  SyncOutcome,
} from './onboarding/onboarding-state.js';
export { onboardingChecklist } from './onboarding/checklist.js';
export type { ChecklistItem, ChecklistItemId, ChecklistParameters } from './onboarding/checklist.js';
export { runPreflight } from './onboarding/preflight.js';
export type { Preflight, PreflightCheck, PreflightParameters, PreflightSubject } from './onboarding/preflight.js';
export { missingWebhookFields, requiredScopes, requiredWebhookFields } from './onboarding/preflight-checks.js';
export { grantedWabaIds } from './onboarding/find-waba.js';
export type {
  CompletedOnboarding,
  ImportParameters,
  NumberChoiceOnboarding,
  Onboarding,
  OnboardingFacts,
  OnboardingModule,
  OnboardingNumber,
  OnboardingOptions,
  ResumeOnboardingParameters,
  SavedToken,
  SaveToken,
  StartOnboardingParameters,
  SyncDeadline,
  UnfinishedOnboarding,
} from './onboarding/onboarding-module.js';

// sync
export { decideSync, settleSync } from './sync/sync-state.js';
export type { SyncResponse, SyncDecision, SyncFailure, SyncRules, SyncState, SyncStatus, SyncType } from './sync/sync-state.js';
export { toSyncResponse } from './sync/sync-response.js';
export type { RequestSyncParameters, NumberSync, SyncModule } from './sync/sync-module.js';

// history
export { emptyHistory, historyChange, historyGaps, nextHistoryCheck } from './history/history-state.js';
export type {
  HistoryEvent,
  HistoryFact,
  HistoryGap,
  HistoryRules,
  HistoryState,
  HistoryStatus,
  PhaseCount,
} from './history/history-state.js';
export type { ProgressRanges } from './history/ranges.js';
export { mergeHistory, type PlacedItem } from './history/thread.js';
export type { NumberHistory, HistoryBatch, HistoryItem, HistoryMedia, HistoryModule, HistoryOptions } from './history/history-module.js';

// contacts
export { contactChange, contactOf, mergeContacts } from './contacts/contact-state.js';
export type { ContactEntry, ContactChange, ContactUpdate, ContactState, DatedValue, ContactNaming } from './contacts/contact-state.js';
export type { ContactChanged, ContactIds, ContactsModule, StoredContact } from './contacts/contacts-module.js';

// heartbeat
export { heartbeatChange, nextHeartbeatCheck, readHeartbeat } from './heartbeat/heartbeat-state.js';
export type {
  HeartbeatEvent,
  HeartbeatProof,
  HeartbeatReading,
  HeartbeatRules,
  HeartbeatStage,
  HeartbeatState,
  SignKind,
  HeartbeatSigns,
} from './heartbeat/heartbeat-state.js';
export type { Heartbeat, HeartbeatModule, HeartbeatOptions } from './heartbeat/heartbeat-module.js';

// restrictions
export { checkFeature, type FeatureCheck, type RulesOptions } from './restrictions/check-feature-restrictions.js';
export { checkMessage, type CheckMessageOptions, type MessageRestriction } from './restrictions/check-message-restrictions.js';
export { restrictions, type RestrictionRow } from './restrictions/restrictions.js';

// lifecycle
export { lifecycleChange, nextLifecycleCheck, readLifecycle, tokenStage } from './lifecycle/lifecycle-state.js';
export type {
  Disconnection,
  LifecycleFact,
  LifecycleReading,
  LifecycleRules,
  LifecycleState,
  LifecycleStatus,
  TokenExpiry,
  TokenStage,
} from './lifecycle/lifecycle-state.js';
export type {
  DisconnectedLifecycle,
  Lifecycle,
  LifecycleBase,
  LifecycleChanged,
  LifecycleModule,
  OffboardedLifecycle,
  StandingLifecycle,
  TokenExpiring,
} from './lifecycle/lifecycle-module.js';
export type { RestrictionsModule } from './restrictions/create-restrictions.js';

// service window
export {
  mergeServiceWindows,
  readServiceWindow,
  serviceWindowChange,
  serviceWindowEvent,
  type ServiceWindowEvent,
  type ServiceWindowReading,
  type ServiceWindowRules,
  type ServiceWindowState,
  type ServiceWindowStatus,
} from './service-window/service-window-state.js';
export type { ServiceWindow, ServiceWindowModule, ServiceWindowOptions } from './service-window/service-window-module.js';

// hand-off
export { emptyHandoff, handoffChange, holdAt, findAssignee, mergeHandoffs, judgeReply } from './handoff/handoff-state.js';
export type {
  WrittenEcho,
  HandoffEvent,
  HandoffFact,
  HandoffRules,
  HandoffState,
  HandoffHold,
  HandoffAssignee,
  HandoffReleaseReason,
  ReplyVerdict,
  WrittenMessage,
} from './handoff/handoff-state.js';
export type {
  AnyEcho,
  EchoContext,
  EchoJudgement,
  HandoffAutomatic,
  HandoffModule,
  HandoffOptions,
  HandoffReleased,
  HandoffAssigned,
  ThreadAssignment,
  ThreadRef,
  ReplyPermit,
} from './handoff/handoff-module.js';

// costs
export { costEntry, mergeCostEntries, type CostEntry, type CostPricing } from './costs/cost-entry.js';
export { costReport } from './costs/cost-report.js';
export { freeTier, type FreeTierOptions, type FreeTierUsage } from './costs/free-tier.js';
export { reconcileCosts, type CostReconciliation, type ReconciledRow, type ReconcileOptions } from './costs/reconcile-costs.js';
export type { CostGrouping, CountryOf, CostReport, CostReportOptions, CostRow, CostSplit } from './costs/cost-report.js';
export type { CostsModule, CostsOptions } from './costs/costs-module.js';

// mirror
export { conversationChanges, type ConversationEvent } from './mirror/conversation-changes.js';
export { conversationTables, type ColumnGroup, type ColumnType, type ConversationTable } from './mirror/conversation-tables.js';
export { mergeConversationRow } from './mirror/merge-row.js';
export type {
  AliasRow,
  ConversationChange,
  ConversationContent,
  ConversationRows,
  ConversationStatus,
  ConversationTableName,
  CustomerRow,
  EditRow,
  MessageAuthor,
  MessageRow,
  ReactionRow,
} from './mirror/conversation-rows.js';
export { customerIdsOf, threadIdOf, type ConversationOptions, type CustomerIds } from './mirror/identity.js';
export { sentMessage, type SentContent, type SentThroughApi } from './mirror/sent-message.js';
export { postgresSchema, postgresUpserts, type PostgresOptions, type PostgresStatement } from './mirror/postgres-upserts.js';

// client
export { isCoexistenceClient } from '../client/is-coexistence-client.js';
export type { CoexistenceLookup, CoexistenceNumbers, RequestRestriction } from '../client/coexistence-numbers.js';
export type { NonCoexistenceClient, RejectedOnCoexistenceNumbers } from '../client/non-coexistence-client.js';

// errors

// Meta's rules
export { coexistencePolicy, type CoexistencePolicy, type PolicyOptions, type PolicyOverrides } from '../policy/policy.js';
export type { CoexistenceEndpoint } from '../policy/endpoints.js';
export type { RestrictedEndpoint } from '../policy/restricted-endpoints.js';
export type { FeatureFacts, InApp } from '../policy/api-features.js';
export type { CoexistenceFeature } from '../policy/features.js';
export type { CoexistenceLimits } from '../policy/limits.js';
export type { PolicyRule, RuleAlternative } from '../policy/rule.js';
export type { CoexistenceTerms } from '../policy/terms.js';
export type { CountrySupport } from '../policy/countries.js';
