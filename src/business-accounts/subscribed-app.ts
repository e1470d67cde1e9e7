/** An app that gets the webhooks of a WABA. */
export interface SubscribedApp {
  readonly whatsapp_business_api_data: { readonly id: string; readonly link?: string; readonly name?: string };
  /** Where messages of this WABA go in the place of the app's own callback. */
  readonly override_callback_uri?: string;
}

/** Which WABA. */
export interface SubscribedAppsParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
}
