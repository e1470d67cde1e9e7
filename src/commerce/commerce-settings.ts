/** Commerce settings of a phone number. */
export interface CommerceSettings {
  readonly id?: string;
  /** Whether customers can use a cart. */
  readonly is_cart_enabled?: boolean;
  /** Whether the catalog is visible in the profile and in chats. */
  readonly is_catalog_visible?: boolean;
}
