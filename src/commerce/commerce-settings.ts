/** Whether a number sells. */
export interface CommerceSettings {
  readonly id?: string;
  /** Whether customers can fill a cart. */
  readonly is_cart_enabled?: boolean;
  /** Whether the catalog shows in the profile and the chat. */
  readonly is_catalog_visible?: boolean;
}
