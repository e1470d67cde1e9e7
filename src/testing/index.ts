/**
 * Test tools: a fake Cloud API with a Business app and customers, a fake clock, and webhook signatures.
 *
 * @module wa-coexist/testing
 */

export { createFakeCloudApi } from './fake/create-fake-cloud-api.js';
export type {
  FakeApp,
  FakeCloudApi,
  FakeCloudApiOptions,
  FakeEmitOverrides,
  FakeFile,
  FakeNumber,
  FakeNumberOptions,
  FakeReadyNumber,
  FakeSentMessage,
  FakeSessionEvent,
  FakeSignup,
  FakeSignupOptions,
  FakeTemplateOptions,
  FakeTokenOptions,
} from './fake/fake-cloud-api.js';
export type { FakeContent, FakeTypedContent } from './fake/fake-content.js';
export type {
  FakeCustomer,
  FakeCustomerOptions,
  FakeCustomerSendOptions,
  FakeInboxMessage,
  FakeUserIdChange,
} from './fake/fake-customer.js';
export type { FakeAttempt, FakeDelivery, FakeDeliveryOptions, FakeReceiver } from './fake/fake-delivery.js';
export { FakeDeliveryError } from './fake/fake-delivery-error.js';
export type { FakeFlow, FakeFlowFile, FakeFlowOptions } from './fake/flows/fake-flow.js';
export type { FakeChange, FakeEvents } from './fake/fake-events.js';
export type { FakeFault, FakeFaultKind, FakeFaults } from './fake/fake-faults.js';
export type {
  FakeChangeDeviceOptions,
  FakeChat,
  FakeChatMessage,
  FakeCompanion,
  FakeContact,
  FakeDisconnectOptions,
  FakeHistory,
  FakeHistoryOptions,
  FakeHistorySyncOptions,
  FakePhone,
} from './fake/fake-phone.js';
export type { FakeResponse, FakeRequest, FakeRequestRecord } from './fake/fake-request.js';
export type { FakeSnapshot } from './fake/fake-snapshot.js';
export type { FakeTemplate } from './fake/fake-template.js';
export type { FakeHandoverOptions, FakeRoutingOptions, FakeThread, FakeThreadRole } from './fake/fake-thread.js';
export { emulatorClock, type EmulatorClock, type EmulatorClockOptions } from './emulator-clock.js';
export { fakeClock, type FakeClock, type FakeClockOptions } from './fake-clock.js';
export { listen, type ListenOptions, type Listener } from './listen.js';
export type {
  PayloadContent,
  PayloadEcho,
  PayloadEdit,
  PayloadHistoryMessage,
  PayloadHistoryThread,
  PayloadMembers,
  PayloadMessage,
  PayloadPastMessage,
  PayloadRevoke,
  PayloadValue,
  WebhookPayloadOverrides,
} from './payloads/payload-overrides.js';
export { createFixtures, type FixtureOptions } from './payloads/create-fixtures.js';
export type { CustomerPayloadPlace, NumberPayloadPlace, PayloadPlace } from './payloads/place.js';
export { webhookEnvelope, type WebhookEntry, type WebhookEnvelope } from './payloads/webhook-envelope.js';
export { webhookPayload } from './payloads/webhook-payload.js';
export { signWebhook } from './sign-webhook.js';
export { busyShop, type BusyShop, type BusyShopOptions } from './stories/busy-shop.js';
export { changeOfDevice } from './stories/change-of-device.js';
export { idlePhone } from './stories/idle-phone.js';
export { onboardWithHistory, type OnboardWithHistoryOptions, type OnboardedPhone } from './stories/onboard-with-history.js';
