import { ruleOn, type PolicyRule } from './rule.js';

/** Meta's limits for Flows: maximum values, if the name has no other meaning. */
export interface FlowLimits {
  readonly jsonBytes: number;
  readonly screens: number;
  readonly componentsPerScreen: number;
  readonly branches: number;
  readonly headingLength: number;
  readonly subheadingLength: number;
  readonly bodyLength: number;
  readonly captionLength: number;
  readonly inputLabelLength: number;
  readonly inputHelperLength: number;
  readonly inputErrorLength: number;
  readonly groupLabelLength: number;
  readonly minOptions: number;
  readonly groupOptions: number;
  readonly optionTitleLength: number;
  readonly optionDescriptionLength: number;
  readonly optionMetadataLength: number;
  readonly optionImageBytes: number;
  /** Size of an image of an option before version 6.0 of the Flow JSON. */
  readonly optionImageBytesBefore6: number;
  readonly dropdownLabelLength: number;
  readonly dropdownOptions: number;
  /** Options of a dropdown if one of them has an image. */
  readonly dropdownOptionsWithImages: number;
  readonly chipsLabelLength: number;
  readonly chipsDescriptionLength: number;
  readonly minChips: number;
  readonly maxChips: number;
  readonly footerLabelLength: number;
  readonly footerCaptionLength: number;
  readonly footers: number;
  readonly optInLength: number;
  readonly optIns: number;
  readonly linkTextLength: number;
  readonly links: number;
  readonly dateLabelLength: number;
  readonly dateHelperLength: number;
  readonly dateErrorLength: number;
  readonly calendarTitleLength: number;
  readonly calendarDescriptionLength: number;
  readonly images: number;
  readonly nestedIfs: number;
  readonly navigationLists: number;
  readonly navigationItems: number;
  readonly navigationLabelLength: number;
  readonly navigationDescriptionLength: number;
  readonly itemTitleLength: number;
  readonly itemDescriptionLength: number;
  readonly itemMetadataLength: number;
  readonly itemEndLength: number;
  readonly itemImageBytes: number;
  readonly badgeLength: number;
  readonly badges: number;
  readonly tagLength: number;
  readonly tags: number;
  readonly carouselImages: number;
  readonly carouselsPerScreen: number;
  readonly carouselsPerFlow: number;
  readonly pickers: number;
  readonly pickerLabelLength: number;
  readonly pickerDescriptionLength: number;
  readonly maxFileSizeKib: number;
  readonly uploadedFiles: number;
  /** Files that the response message of a Flow can contain. */
  readonly responseFiles: number;
}

const flowJson = 'Meta, Flow JSON (Dec 2025)';
const components = 'Meta, Flow JSON components (Dec 2025)';
const uploads = 'Meta, Media upload components of Flows (Dec 2025)';
const errorCodes = 'Meta, Flows error codes (Dec 2025)';
const changelog = 'Meta, Flows changelog (Nov 2025)';
const kib = 1_024;
const row = (value: number, source: string, note?: string): readonly PolicyRule<number>[] => [
  { value, source, ...(note !== undefined && { note }) },
];

/** All limits of Flows with their history, oldest first. */
export const flowLimitRules: { readonly [Name in keyof FlowLimits]: readonly PolicyRule<number>[] } = {
  jsonBytes: row(10 * kib * kib, flowJson, 'Meta writes 10 MB.'),
  screens: row(100, errorCodes),
  componentsPerScreen: row(50, components),
  branches: row(10, flowJson),
  headingLength: row(80, components),
  subheadingLength: row(80, components),
  bodyLength: row(4_096, components),
  captionLength: row(409, components),
  inputLabelLength: row(20, components, 'A large label may have 4 lines.'),
  inputHelperLength: row(80, components),
  inputErrorLength: row(30, components),
  groupLabelLength: row(30, components),
  minOptions: row(1, components),
  groupOptions: row(20, components),
  optionTitleLength: row(30, components),
  optionDescriptionLength: row(300, components),
  optionMetadataLength: row(20, components),
  optionImageBytes: row(100 * kib, components),
  optionImageBytesBefore6: row(300 * kib, components),
  dropdownLabelLength: row(20, components),
  dropdownOptions: row(200, components),
  dropdownOptionsWithImages: row(100, components),
  chipsLabelLength: row(80, components),
  chipsDescriptionLength: row(300, components),
  minChips: row(2, components),
  maxChips: row(20, components),
  footerLabelLength: row(35, components),
  footerCaptionLength: row(15, components),
  footers: row(1, components),
  optInLength: row(120, components),
  optIns: row(5, components),
  linkTextLength: row(25, components),
  links: row(2, components),
  dateLabelLength: row(40, components),
  dateHelperLength: row(80, components),
  dateErrorLength: row(80, components),
  calendarTitleLength: row(80, components),
  calendarDescriptionLength: row(300, components),
  images: row(3, components),
  nestedIfs: row(3, components),
  navigationLists: row(2, components),
  navigationItems: row(20, components),
  navigationLabelLength: row(80, components),
  navigationDescriptionLength: row(300, components),
  itemTitleLength: row(30, components),
  itemDescriptionLength: row(20, components),
  itemMetadataLength: row(80, components),
  itemEndLength: row(10, components),
  itemImageBytes: row(100 * kib, components),
  badgeLength: row(15, components),
  badges: row(1, components),
  tagLength: row(15, components),
  tags: row(3, components),
  carouselImages: row(3, components),
  carouselsPerScreen: row(2, components),
  carouselsPerFlow: row(3, components),
  pickers: row(1, uploads),
  pickerLabelLength: row(80, uploads),
  pickerDescriptionLength: row(300, uploads),
  maxFileSizeKib: row(25_600, uploads),
  uploadedFiles: row(30, uploads),
  responseFiles: row(10, uploads),
};

/** Rules of Flows that aren't limits. Their value is whether Meta applies them. */
export type FlowConvention =
  | 'structure'
  | 'version'
  | 'dataApiVersion'
  | 'screenId'
  | 'screenData'
  | 'terminalScreen'
  | 'component'
  | 'componentVersion'
  | 'requiredProperty'
  | 'emptyText'
  | 'uniqueName'
  | 'reference'
  | 'action'
  | 'navigation'
  | 'navigationPayload'
  | 'routingModel'
  | 'footerBranches'
  | 'footerCaptions'
  | 'form'
  | 'fileUpload'
  | 'navigationList'
  | 'valueRange'
  | 'datePicker';

const applies = (source: string, note?: string): readonly PolicyRule<boolean>[] => [
  { value: true, source, ...(note !== undefined && { note }) },
];

/** All other rules of Flows with their history, oldest first. */
export const flowConventionRules: { readonly [Name in FlowConvention]: readonly PolicyRule<boolean>[] } = {
  structure: applies(flowJson),
  version: applies(changelog),
  dataApiVersion: applies(errorCodes, 'An endpoint needs data_api_version and routing_model.'),
  screenId: applies(flowJson, 'Letters and underscores. SUCCESS is reserved.'),
  screenData: applies(flowJson, 'Each value has a type and an __example__.'),
  terminalScreen: applies(flowJson),
  component: applies(components),
  componentVersion: applies(components),
  requiredProperty: applies(components),
  emptyText: applies(components),
  uniqueName: applies(errorCodes),
  reference: applies(flowJson),
  action: applies(flowJson),
  navigation: applies(flowJson),
  navigationPayload: applies(errorCodes),
  routingModel: applies(flowJson),
  footerBranches: applies(components),
  footerCaptions: applies(components),
  form: applies(errorCodes),
  fileUpload: applies(uploads),
  navigationList: applies(components),
  valueRange: applies(errorCodes),
  datePicker: applies(components, 'Dates are written as YYYY-MM-DD since version 5.0.'),
};

/** Versions of the Flow JSON that Meta publishes, and those of the data API. Oldest first. */
export const flowVersionRules: {
  readonly flowJson: readonly PolicyRule<readonly string[]>[];
  readonly dataApi: readonly PolicyRule<readonly string[]>[];
} = {
  flowJson: [
    {
      value: ['5.0', '5.1', '6.0', '6.1', '6.2', '6.3', '7.0', '7.1', '7.2'],
      until: '2025-09-10',
      source: 'Meta, Flows changelog (Jul 2025)',
    },
    { value: ['5.1', '6.0', '6.1', '6.2', '6.3', '7.0', '7.1', '7.2', '7.3'], since: '2025-09-10', source: changelog },
  ],
  dataApi: [
    { value: ['3.0'], until: '2025-11-11', source: 'Meta, Flows changelog (Sep 2025)' },
    { value: ['3.0', '4.0'], since: '2025-11-11', source: changelog },
  ],
};

/** First version of the Flow JSON with a component or action that version 5.1 doesn't have. */
export const flowFeatureVersions: Readonly<Record<string, string>> = {
  CalendarPicker: '6.1',
  NavigationList: '6.2',
  ChipsSelector: '6.3',
  ImageCarousel: '7.1',
  open_url: '6.0',
  update_data: '6.0',
};

/** Returns the limit of a day, with its source. */
export function flowLimit(name: keyof FlowLimits, day: string): PolicyRule<number> | undefined {
  return ruleOn(flowLimitRules[name], day);
}

/** Returns the rule of a day if Meta applies it then. */
export function flowConvention(name: FlowConvention, day: string): PolicyRule<boolean> | undefined {
  const rule = ruleOn(flowConventionRules[name], day);
  return rule?.value === true ? rule : undefined;
}

/** Returns the versions of a day. */
export function flowVersions(kind: keyof typeof flowVersionRules, day: string): readonly string[] {
  return ruleOn(flowVersionRules[kind], day)?.value ?? [];
}
