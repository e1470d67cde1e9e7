import type {
  FlowDataExchangeAction,
  FlowFooterAction,
  FlowLinkAction,
  FlowNavigateAction,
  FlowSelectAction,
  FlowUpdateDataAction,
} from './flow-actions.js';

/** A reference such as `'${data.name}'`, or an expression in backticks (version 6.0 or later). */
export type FlowExpression = `\${${string}}` | `\`${string}\``;

/** A fixed value, or a reference. */
export type FlowValue<Value> = Value | FlowExpression;

interface Visible {
  readonly visible?: FlowValue<boolean>;
}

/** A text. Its length depends on the type. */
export interface FlowText extends Visible {
  readonly type: 'TextHeading' | 'TextSubheading';
  readonly text: string;
}

/** A text with a style. */
export interface FlowStyledText extends Visible {
  readonly type: 'TextBody' | 'TextCaption';
  readonly text: string | readonly string[];
  readonly 'font-weight'?: FlowValue<'bold' | 'italic' | 'bold_italic' | 'normal'>;
  readonly strikethrough?: FlowValue<boolean>;
  readonly markdown?: boolean;
}

/** A long text in Markdown. */
export interface FlowRichText extends Visible {
  readonly type: 'RichText';
  readonly text: string | readonly string[];
}

interface Input extends Visible {
  /** Name of the value, unique on the screen. Refer to it with `${form.NAME}`. */
  readonly name: string;
  readonly required?: FlowValue<boolean>;
  readonly enabled?: FlowValue<boolean>;
}

/** A line of text. */
export interface FlowTextInput extends Input {
  readonly type: 'TextInput';
  readonly label: string;
  /** Version 7.0 or later. */
  readonly 'label-variant'?: 'large';
  readonly 'input-type'?: FlowValue<'text' | 'number' | 'email' | 'password' | 'passcode' | 'phone'>;
  /** A regular expression without slashes. It needs `helper-text`. Version 6.2 or later. */
  readonly pattern?: string;
  readonly 'min-chars'?: FlowValue<number | string>;
  readonly 'max-chars'?: FlowValue<number | string>;
  readonly 'helper-text'?: string;
  readonly 'init-value'?: FlowValue<string | number>;
  readonly 'error-message'?: string;
}

/** Several lines of text. */
export interface FlowTextArea extends Input {
  readonly type: 'TextArea';
  readonly label: string;
  /** Version 7.0 or later. */
  readonly 'label-variant'?: 'large';
  readonly 'max-length'?: FlowValue<number | string>;
  readonly 'helper-text'?: string;
  readonly 'init-value'?: string;
  readonly 'error-message'?: string;
}

/** An option of a list. */
export interface FlowOption {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly metadata?: string;
  readonly enabled?: boolean;
  /** Image in base64. */
  readonly image?: string;
  readonly 'alt-text'?: string;
  /** Six hexadecimal digits. */
  readonly color?: string;
  readonly 'on-select-action'?: FlowUpdateDataAction;
  readonly 'on-unselect-action'?: FlowUpdateDataAction;
}

interface Selection extends Input {
  readonly 'data-source': FlowValue<readonly FlowOption[]>;
  readonly 'on-select-action'?: FlowSelectAction;
  readonly 'on-unselect-action'?: FlowUpdateDataAction;
  readonly 'error-message'?: string;
}

/** Options from which the customer selects several. */
export interface FlowCheckboxGroup extends Selection {
  readonly type: 'CheckboxGroup';
  readonly label: string;
  readonly description?: string;
  readonly 'min-selected-items'?: FlowValue<number>;
  readonly 'max-selected-items'?: FlowValue<number>;
  readonly 'media-size'?: FlowValue<'regular' | 'large'>;
  readonly 'init-value'?: FlowValue<readonly string[]>;
}

/** Options from which the customer selects one. */
export interface FlowRadioButtonsGroup extends Selection {
  readonly type: 'RadioButtonsGroup';
  readonly label: string;
  readonly description?: string;
  readonly 'media-size'?: FlowValue<'regular' | 'large'>;
  readonly 'init-value'?: string;
}

/** A menu of options. */
export interface FlowDropdown extends Selection {
  readonly type: 'Dropdown';
  readonly label: string;
  readonly 'init-value'?: string;
}

/** Compact options from which the customer selects several. Version 6.3 or later. */
export interface FlowChipsSelector extends Selection {
  readonly type: 'ChipsSelector';
  readonly label: string;
  readonly description?: string;
  readonly 'min-selected-items'?: FlowValue<number>;
  readonly 'max-selected-items'?: FlowValue<number>;
  readonly 'init-value'?: FlowValue<readonly string[]>;
}

/** The button at the end of a screen. Terminal screens need one. */
export interface FlowFooter<ScreenId extends string = string> {
  readonly type: 'Footer';
  readonly label: string;
  readonly 'left-caption'?: string;
  readonly 'center-caption'?: string;
  readonly 'right-caption'?: string;
  readonly enabled?: FlowValue<boolean>;
  readonly 'on-click-action': FlowFooterAction<ScreenId>;
}

/** A checkbox, for example to accept terms. */
export interface FlowOptIn<ScreenId extends string = string> extends Omit<Input, 'enabled'> {
  readonly type: 'OptIn';
  readonly label: string;
  readonly 'on-click-action'?: FlowLinkAction<ScreenId>;
  readonly 'on-select-action'?: FlowUpdateDataAction;
  readonly 'on-unselect-action'?: FlowUpdateDataAction;
  readonly 'init-value'?: FlowValue<boolean>;
}

/** A link. */
export interface FlowEmbeddedLink<ScreenId extends string = string> extends Visible {
  readonly type: 'EmbeddedLink';
  readonly text: string;
  readonly 'on-click-action': FlowLinkAction<ScreenId>;
}

/** A date. Dates are written as `2026-11-29`. */
export interface FlowDatePicker extends Input {
  readonly type: 'DatePicker';
  readonly label: string;
  readonly 'min-date'?: string;
  readonly 'max-date'?: string;
  readonly 'unavailable-dates'?: FlowValue<readonly string[]>;
  readonly 'helper-text'?: string;
  readonly 'on-select-action'?: FlowDataExchangeAction;
  readonly 'init-value'?: string;
  readonly 'error-message'?: string;
}

interface DateRange<Value> {
  readonly 'start-date'?: Value;
  readonly 'end-date'?: Value;
}

/** A calendar for a date, or for a range of dates. Version 6.1 or later. */
export interface FlowCalendarPicker extends Omit<Input, 'required'> {
  readonly type: 'CalendarPicker';
  /** A text, or two texts in the mode `range`. */
  readonly label: string | DateRange<string>;
  /** Only in the mode `range`. */
  readonly title?: string;
  /** Only in the mode `range`. */
  readonly description?: string;
  readonly 'helper-text'?: string | DateRange<string>;
  readonly required?: FlowValue<boolean> | DateRange<FlowValue<boolean>>;
  readonly mode?: FlowValue<'single' | 'range'>;
  readonly 'min-date'?: string;
  readonly 'max-date'?: string;
  readonly 'unavailable-dates'?: FlowValue<readonly string[]>;
  readonly 'include-days'?: FlowValue<readonly ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[]>;
  readonly 'min-days'?: FlowValue<number>;
  readonly 'max-days'?: FlowValue<number>;
  readonly 'on-select-action'?: FlowDataExchangeAction;
  readonly 'init-value'?: string | DateRange<string>;
  readonly 'error-message'?: string | DateRange<string>;
}

/** An image in base64. */
export interface FlowImage extends Visible {
  readonly type: 'Image';
  readonly src: string;
  readonly width?: FlowValue<number>;
  readonly height?: FlowValue<number>;
  readonly 'scale-type'?: 'cover' | 'contain';
  readonly 'aspect-ratio'?: FlowValue<number>;
  readonly 'alt-text'?: string;
}

/** Images side by side. Version 7.1 or later. */
export interface FlowImageCarousel extends Visible {
  readonly type: 'ImageCarousel';
  readonly images: FlowValue<readonly { readonly src: string; readonly 'alt-text': string }[]>;
  readonly 'aspect-ratio'?: '4:3' | '16:9';
  readonly 'scale-type'?: 'cover' | 'contain';
}

interface ItemTexts {
  readonly title: string;
  readonly description?: string;
  readonly metadata?: string;
}

/** An item of a navigation list. */
export interface FlowNavigationItem<ScreenId extends string = string> {
  readonly id: string;
  readonly 'main-content': ItemTexts;
  readonly end?: Partial<ItemTexts>;
  readonly start?: { readonly image: string; readonly 'alt-text'?: string };
  readonly badge?: string;
  readonly tags?: readonly string[];
  readonly 'on-click-action'?: FlowNavigateAction<ScreenId> | FlowDataExchangeAction;
}

/** A list of links to other screens. Version 6.2 or later. */
export interface FlowNavigationList<ScreenId extends string = string> extends Visible {
  readonly type: 'NavigationList';
  readonly name: string;
  readonly 'list-items': FlowValue<readonly FlowNavigationItem<ScreenId>[]>;
  readonly label?: string;
  readonly description?: string;
  readonly 'media-size'?: FlowValue<'regular' | 'large'>;
  /** One action for all items. Otherwise, each item needs its own. */
  readonly 'on-click-action'?: FlowNavigateAction<ScreenId> | FlowDataExchangeAction;
}

interface Picker extends Omit<Input, 'required'> {
  readonly label: string;
  readonly description?: string;
  readonly 'max-file-size-kb'?: number;
  readonly 'error-message'?: FlowValue<string>;
}

/** Photos of the customer. See `downloadFlowMedia`. */
export interface FlowPhotoPicker extends Picker {
  readonly type: 'PhotoPicker';
  readonly 'photo-source'?: 'camera_gallery' | 'camera' | 'gallery';
  readonly 'min-uploaded-photos'?: number;
  readonly 'max-uploaded-photos'?: number;
}

/** Documents of the customer. See `downloadFlowMedia`. */
export interface FlowDocumentPicker extends Picker {
  readonly type: 'DocumentPicker';
  readonly 'min-uploaded-documents'?: number;
  readonly 'max-uploaded-documents'?: number;
  readonly 'allowed-mime-types'?: readonly string[];
}

/** Inputs with common initial values and error messages. Optional. */
export interface FlowForm<ScreenId extends string = string> {
  readonly type: 'Form';
  readonly name: string;
  readonly children: readonly FlowComponent<ScreenId>[];
  readonly 'init-values'?: FlowValue<Readonly<Record<string, unknown>>>;
  readonly 'error-messages'?: FlowValue<Readonly<Record<string, string>>>;
}

/** Components that depend on a condition, for example `'${form.accepts}'`. */
export interface FlowIf<ScreenId extends string = string> {
  readonly type: 'If';
  readonly condition: string;
  readonly then: readonly FlowComponent<ScreenId>[];
  readonly else?: readonly FlowComponent<ScreenId>[];
}

/** Components that depend on a value, for example `'${data.animal}'`. */
export interface FlowSwitch<ScreenId extends string = string> {
  readonly type: 'Switch';
  readonly value: string;
  readonly cases: Readonly<Record<string, readonly FlowComponent<ScreenId>[]>>;
}

/** A component of a screen, discriminated by `type`. */
export type FlowComponent<ScreenId extends string = string> =
  | FlowText
  | FlowStyledText
  | FlowRichText
  | FlowTextInput
  | FlowTextArea
  | FlowCheckboxGroup
  | FlowRadioButtonsGroup
  | FlowDropdown
  | FlowChipsSelector
  | FlowFooter<ScreenId>
  | FlowOptIn<ScreenId>
  | FlowEmbeddedLink<ScreenId>
  | FlowDatePicker
  | FlowCalendarPicker
  | FlowImage
  | FlowImageCarousel
  | FlowNavigationList<ScreenId>
  | FlowPhotoPicker
  | FlowDocumentPicker
  | FlowForm<ScreenId>
  | FlowIf<ScreenId>
  | FlowSwitch<ScreenId>;
