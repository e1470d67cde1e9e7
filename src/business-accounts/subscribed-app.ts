/** An app that receives the webhooks of a WABA. Returned by {@link listSubscribedApps}. */
export interface SubscribedApp {
  readonly whatsapp_business_api_data: { readonly id: string; readonly link?: string; readonly name?: string };
  /** Callback for messages of this WABA, instead of the app's callback. */
  readonly override_callback_uri?: string;
}

/** Parameters of {@link listSubscribedApps} and {@link unsubscribeApp}. */
export interface SubscribedAppsParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
}
