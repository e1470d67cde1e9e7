/** Contact details. Phone numbers start with `+`. */
export interface ComplianceContact {
  readonly name?: string;
  readonly email: string;
  readonly mobile_number?: string;
  readonly landline_number?: string;
}

/** Compliance information that Indian law requires of businesses. Returned by {@link getBusinessComplianceInfo}. */
export interface BusinessComplianceInfo {
  readonly whatsapp_business_account_id?: string;
  readonly messaging_product?: 'whatsapp';
  readonly entity_name?: string | null;
  readonly entity_type?: string | null;
  readonly entity_type_custom?: string | null;
  readonly is_registered?: boolean;
  readonly grievance_officer_details?: Partial<ComplianceContact> | null;
  readonly customer_care_details?: Partial<ComplianceContact> | null;
  readonly [field: string]: unknown;
}
