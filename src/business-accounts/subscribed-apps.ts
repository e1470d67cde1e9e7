export { listSubscribedApps } from './list-subscribed-apps.js';
export { subscribeApp } from './subscribe-app.js';
export type { SubscribedApp, SubscribedAppsParameters } from './subscribed-app.js';
