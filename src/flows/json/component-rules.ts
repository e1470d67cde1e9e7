import type { FlowLimits } from '../../policy/flow-rules.js';

/** Meta's rules for a component. */
export interface FlowComponentRules {
  readonly required: readonly string[];
  /** Limits of texts, by property. */
  readonly lengths?: Readonly<Record<string, keyof FlowLimits>>;
  /** Properties whose text must not be empty. */
  readonly filled?: readonly string[];
  /** The limit of components of this type on a screen. */
  readonly perScreen?: keyof FlowLimits;
  /** Allowed actions by trigger. */
  readonly actions?: Readonly<Record<string, readonly string[]>>;
  /** The component is an input with a value. */
  readonly isInput?: true;
  /** If and Switch can contain it. */
  readonly fitsBranches?: true;
}

const select = { 'on-select-action': ['data_exchange', 'update_data'], 'on-unselect-action': ['update_data'] };
const link = ['data_exchange', 'navigate', 'open_url'];
const group: FlowComponentRules = {
  required: ['name', 'label', 'data-source'],
  lengths: { label: 'groupLabelLength' },
  actions: select,
  isInput: true,
  fitsBranches: true,
};
const date = {
  required: ['name', 'label'],
  lengths: { label: 'dateLabelLength', 'helper-text': 'dateHelperLength', 'error-message': 'dateErrorLength' },
  actions: { 'on-select-action': ['data_exchange'] },
  isInput: true,
} as const;
const picker: FlowComponentRules = {
  required: ['name', 'label'],
  lengths: { label: 'pickerLabelLength', description: 'pickerDescriptionLength' },
  perScreen: 'pickers',
  isInput: true,
};
const text = (limit: keyof FlowLimits): FlowComponentRules => ({
  required: ['text'],
  lengths: { text: limit },
  filled: ['text'],
  fitsBranches: true,
});

/** The rules of all components. Source: Meta, Flow JSON components and Media upload components (Dec 2025). */
export const componentRules: ReadonlyMap<string, FlowComponentRules> = /* @__PURE__ */ new Map<string, FlowComponentRules>([
  ['TextHeading', text('headingLength')],
  ['TextSubheading', text('subheadingLength')],
  ['TextBody', text('bodyLength')],
  ['TextCaption', text('captionLength')],
  ['RichText', { required: ['text'] }],
  [
    'TextInput',
    {
      required: ['name', 'label'],
      lengths: { label: 'inputLabelLength', 'helper-text': 'inputHelperLength', 'error-message': 'inputErrorLength' },
      isInput: true,
      fitsBranches: true,
    },
  ],
  [
    'TextArea',
    {
      required: ['name', 'label'],
      lengths: { label: 'inputLabelLength', 'helper-text': 'inputHelperLength' },
      isInput: true,
      fitsBranches: true,
    },
  ],
  ['CheckboxGroup', group],
  ['RadioButtonsGroup', group],
  ['Dropdown', { ...group, lengths: { label: 'dropdownLabelLength' } }],
  ['ChipsSelector', { ...group, lengths: { label: 'chipsLabelLength', description: 'chipsDescriptionLength' } }],
  [
    'Footer',
    {
      required: ['label', 'on-click-action'],
      lengths: {
        label: 'footerLabelLength',
        'left-caption': 'footerCaptionLength',
        'center-caption': 'footerCaptionLength',
        'right-caption': 'footerCaptionLength',
      },
      perScreen: 'footers',
      actions: { 'on-click-action': ['navigate', 'data_exchange', 'complete', 'update_data'] },
      fitsBranches: true,
    },
  ],
  [
    'OptIn',
    {
      required: ['name', 'label'],
      lengths: { label: 'optInLength' },
      perScreen: 'optIns',
      actions: { 'on-click-action': link, 'on-select-action': ['update_data'], 'on-unselect-action': ['update_data'] },
      isInput: true,
      fitsBranches: true,
    },
  ],
  [
    'EmbeddedLink',
    {
      required: ['text', 'on-click-action'],
      lengths: { text: 'linkTextLength' },
      filled: ['text'],
      perScreen: 'links',
      actions: { 'on-click-action': link },
      fitsBranches: true,
    },
  ],
  ['DatePicker', { ...date, fitsBranches: true }],
  ['CalendarPicker', { ...date, lengths: { ...date.lengths, title: 'calendarTitleLength', description: 'calendarDescriptionLength' } }],
  ['Image', { required: ['src'], perScreen: 'images', fitsBranches: true }],
  ['ImageCarousel', { required: ['images'], perScreen: 'carouselsPerScreen' }],
  [
    'NavigationList',
    {
      required: ['name', 'list-items'],
      lengths: { label: 'navigationLabelLength', description: 'navigationDescriptionLength' },
      perScreen: 'navigationLists',
      actions: { 'on-click-action': ['data_exchange', 'navigate'] },
    },
  ],
  ['PhotoPicker', picker],
  ['DocumentPicker', { ...picker, required: ['name', 'label', 'description'] }],
  ['Form', { required: ['name', 'children'] }],
  ['If', { required: ['condition', 'then'], fitsBranches: true }],
  ['Switch', { required: ['value', 'cases'], fitsBranches: true }],
]);

/** Returns whether a component lets the customer upload files. */
export function isPicker(type: string): boolean {
  return type === 'PhotoPicker' || type === 'DocumentPicker';
}
