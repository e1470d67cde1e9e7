import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { lintFlow } from 'wa-coexist/flows';
import { flowConventionRules, flowLimitRules } from '../../src/policy/flow-rules.js';

type Json = Readonly<Record<string, unknown>>;

const asOf = '2026-11-29';
const letters = (count: number): string => 'a'.repeat(count);
const times = <Value>(count: number, make: (index: number) => Value): Value[] => Array.from({ length: count }, (_, index) => make(index));
/** Returns an image of this size in KiB, in base64. */
const image = (kib: number): string => letters(Math.ceil((kib * 1_024 * 4) / 3));
const word = (index: number): string => String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));

const complete = { name: 'complete', payload: {} };
const footer = (more: Json = {}): Json => ({ type: 'Footer', label: 'Done', 'on-click-action': complete, ...more });
const go = (name: string, payload: Json = {}): Json => ({ name: 'navigate', next: { type: 'screen', name }, payload });
const exchange = { name: 'data_exchange', payload: {} };
const update = { name: 'update_data', payload: {} };
const layout = (children: readonly unknown[]): Json => ({ type: 'SingleColumnLayout', children });
const screen = (id: string, children: readonly unknown[], more: Json = {}): Json => ({
  id,
  title: 'Title',
  layout: layout(children),
  ...more,
});
const flow = (screens: readonly Json[], more: Json = {}): Json => ({ version: '7.3', screens, ...more });
/** Returns a Flow with one terminal screen: these components, and a footer. */
const one = (...children: readonly Json[]): Json => flow([screen('ONE', [...children, footer()], { terminal: true })]);
const oneWith = (more: Json, ...children: readonly Json[]): Json =>
  flow([screen('ONE', [...children, footer()], { terminal: true, ...more })]);
const served = (routes: Json, screens: readonly Json[], more: Json = {}): Json =>
  flow(screens, { data_api_version: '3.0', routing_model: routes, ...more });
const path = (rest: string, index = 0): string => `screens[0].layout.children[${String(index)}]${rest === '' ? '' : `.${rest}`}`;

const text = (type: string, value: string): Json => one({ type, text: value });
const input = (more: Json = {}, type = 'TextInput'): Json => ({ type, name: 'name', label: 'Name', ...more });
const options = (count: number, more: Json = {}): Json[] => times(count, (index) => ({ id: String(index), title: 'Option', ...more }));
const group = (type: string, source: readonly Json[], more: Json = {}): Json =>
  one({ type, name: 'pick', label: 'Pick', 'data-source': source, ...more });
const date = (more: Json, type = 'DatePicker'): Json => one(input(more, type));
const picker = (more: Json, type = 'PhotoPicker'): Json => ({ type, name: 'files', label: 'Files', description: 'Yours', ...more });
const item = (more: Json = {}): Json => ({ id: 'a', 'main-content': { title: 'Item' }, ...more });
const list = (items: readonly Json[], more: Json = {}): Json =>
  flow([
    screen('ONE', [{ type: 'NavigationList', name: 'list', 'list-items': items, 'on-click-action': go('TWO'), ...more }]),
    screen('TWO', [footer()], { terminal: true }),
  ]);
const main = (more: Json): Json => list([item({ 'main-content': { title: 'Item', ...more } })]);
const nest = (depth: number): Json =>
  depth === 0 ? { type: 'TextBody', text: 'Deep' } : { type: 'If', condition: '${form.name} == true', then: [nest(depth - 1)] };
const carousel = (count: number): Json => ({ type: 'ImageCarousel', images: times(count, () => ({ src: 'AAAA', 'alt-text': 'A' })) });
const twoScreens = (action: Json, second: Json = {}): Json =>
  flow([
    screen('ONE', [input(), picker({}), footer({ 'on-click-action': action })]),
    screen('TWO', [footer()], { terminal: true, ...second }),
  ]);

/** Screens ONE to FOUR with the same action, and a terminal screen END. */
const circle = (action: Json): Json[] => [
  ...['ONE', 'TWO', 'THREE', 'FOUR'].map((id) => screen(id, [footer({ 'on-click-action': action })])),
  screen('END', [footer()], { terminal: true }),
];
const declares = (type: string, __example__: unknown, more: Json = {}): Json => ({ data: { guest: { type, __example__, ...more } } });
/** A screen that declares `data.total`, and passes a value to a screen with the declared type. */
const passes = (value: unknown, type: string, example: unknown): Json =>
  flow([
    screen('ONE', [input(), footer({ 'on-click-action': go('TWO', { guest: value }) })], {
      data: { total: { type: 'number', __example__: 1 } },
    }),
    screen('TWO', [footer()], { terminal: true, ...declares(type, example, type === 'array' ? { items: {} } : {}) }),
  ]);

/** A second screen that passes on the photos of the first one. */
const filesOfOtherScreen = (max: number | undefined, name: 'navigate' | 'complete'): Json => {
  const payload = { photos: '${screen.ONE.form.files}' };
  const action = name === 'complete' ? { name, payload } : go('END', payload);
  return flow([
    screen('ONE', [picker({ 'max-uploaded-photos': max }), footer({ 'on-click-action': go('TWO') })]),
    screen('TWO', [footer({ 'on-click-action': action })], { terminal: name === 'complete' }),
    screen('END', [footer()], { terminal: true, data: { photos: { type: 'array', items: {}, __example__: [] } } }),
  ]);
};

/** Cases by rule: the path of the finding, a Flow that breaks the rule, and one that doesn't. */
const cases: Readonly<Record<string, readonly (readonly [path: string, broken: unknown, fine: unknown])[]>> = {
  jsonBytes: [['', JSON.stringify(one(), null, 0) + ' '.repeat(10 * 1_024 * 1_024), JSON.stringify(one())]],
  screens: [
    [
      'screens',
      flow(times(101, (index) => screen(`S_${word(index)}`, [footer()], { terminal: true }))),
      flow(times(100, (index) => screen(`S_${word(index)}`, [footer()], { terminal: true }))),
    ],
  ],
  componentsPerScreen: [
    [
      'screens[0].layout.children',
      one(...times(50, () => ({ type: 'TextBody', text: 'Text' }))),
      one(...times(49, () => ({ type: 'TextBody', text: 'Text' }))),
    ],
  ],
  branches: [
    [
      'routing_model.ONE',
      served({ ONE: times(11, word) }, [
        screen('ONE', [footer({ 'on-click-action': exchange })]),
        ...times(11, (index) => screen(word(index), [footer()], { terminal: true })),
      ]),
      served({ ONE: times(10, word) }, [
        screen('ONE', [footer({ 'on-click-action': exchange })]),
        ...times(10, (index) => screen(word(index), [footer()], { terminal: true })),
      ]),
    ],
    [
      'screens[0]',
      flow([
        screen(
          'ONE',
          times(11, (index) => ({ type: 'EmbeddedLink', text: 'Open', 'on-click-action': go(word(index)) })),
        ),
        ...times(11, (index) => screen(word(index), [footer()], { terminal: true })),
      ]),
      one(),
    ],
  ],
  headingLength: [[path('text'), text('TextHeading', letters(81)), text('TextHeading', letters(80))]],
  subheadingLength: [[path('text'), text('TextSubheading', letters(81)), text('TextSubheading', letters(80))]],
  bodyLength: [[path('text'), text('TextBody', letters(4_097)), text('TextBody', letters(4_096))]],
  captionLength: [[path('text'), text('TextCaption', letters(410)), text('TextCaption', letters(409))]],
  inputLabelLength: [
    [path('label'), one(input({ label: letters(21) })), one(input({ label: letters(20) }))],
    [
      path('label'),
      one(input({ label: letters(21) }, 'TextArea')),
      one(input({ label: letters(21), 'label-variant': 'large' }, 'TextArea')),
    ],
  ],
  inputHelperLength: [
    [path('helper-text'), one(input({ 'helper-text': letters(81) })), one(input({ 'helper-text': letters(80) }))],
    [path('helper-text'), one(input({ 'helper-text': letters(81) }, 'TextArea')), one(input({ 'helper-text': letters(80) }, 'TextArea'))],
  ],
  inputErrorLength: [[path('error-message'), one(input({ 'error-message': letters(31) })), one(input({ 'error-message': letters(30) }))]],
  groupLabelLength: [
    [path('label'), group('CheckboxGroup', options(1), { label: letters(31) }), group('CheckboxGroup', options(1), { label: letters(30) })],
    [
      path('label'),
      group('RadioButtonsGroup', options(1), { label: letters(31) }),
      group('RadioButtonsGroup', options(1), { label: letters(30) }),
    ],
  ],
  minOptions: [[path('data-source'), group('Dropdown', []), group('Dropdown', options(1))]],
  groupOptions: [
    [path('data-source'), group('CheckboxGroup', options(21)), group('CheckboxGroup', options(20))],
    [path('data-source'), group('RadioButtonsGroup', options(21)), group('RadioButtonsGroup', options(20))],
  ],
  optionTitleLength: [
    [
      path('data-source[0].title'),
      group('Dropdown', options(1, { title: letters(31) })),
      group('Dropdown', options(1, { title: letters(30) })),
    ],
  ],
  optionDescriptionLength: [
    [
      path('data-source[0].description'),
      group('CheckboxGroup', options(1, { description: letters(301) })),
      group('CheckboxGroup', options(1, { description: letters(300) })),
    ],
  ],
  optionMetadataLength: [
    [
      path('data-source[0].metadata'),
      group('Dropdown', options(1, { metadata: letters(21) })),
      group('Dropdown', options(1, { metadata: letters(20) })),
    ],
  ],
  optionImageBytes: [
    [
      path('data-source[0].image'),
      group('Dropdown', options(1, { image: image(101) })),
      group('Dropdown', options(1, { image: image(99) })),
    ],
  ],
  optionImageBytesBefore6: [
    [
      path('data-source[0].image'),
      { ...group('Dropdown', options(1, { image: image(301) })), version: '5.1' },
      { ...group('Dropdown', options(1, { image: image(299) })), version: '5.1' },
    ],
  ],
  dropdownLabelLength: [
    [path('label'), group('Dropdown', options(1), { label: letters(21) }), group('Dropdown', options(1), { label: letters(20) })],
  ],
  dropdownOptions: [[path('data-source'), group('Dropdown', options(201)), group('Dropdown', options(200))]],
  dropdownOptionsWithImages: [
    [path('data-source'), group('Dropdown', options(101, { image: 'AAAA' })), group('Dropdown', options(100, { image: 'AAAA' }))],
  ],
  chipsLabelLength: [
    [path('label'), group('ChipsSelector', options(2), { label: letters(81) }), group('ChipsSelector', options(2), { label: letters(80) })],
  ],
  chipsDescriptionLength: [
    [
      path('description'),
      group('ChipsSelector', options(2), { description: letters(301) }),
      group('ChipsSelector', options(2), { description: letters(300) }),
    ],
  ],
  minChips: [[path('data-source'), group('ChipsSelector', options(1)), group('ChipsSelector', options(2))]],
  maxChips: [[path('data-source'), group('ChipsSelector', options(21)), group('ChipsSelector', options(20))]],
  footerLabelLength: [
    [
      path('label'),
      flow([screen('ONE', [footer({ label: letters(36) })], { terminal: true })]),
      flow([screen('ONE', [footer({ label: letters(35) })], { terminal: true })]),
    ],
  ],
  footerCaptionLength: [
    [path('center-caption'), flow([screen('ONE', [footer({ 'center-caption': letters(16) })], { terminal: true })]), one()],
    [
      path('left-caption'),
      flow([screen('ONE', [footer({ 'left-caption': letters(16), 'right-caption': 'a' })], { terminal: true })]),
      flow([screen('ONE', [footer({ 'left-caption': letters(15), 'right-caption': 'a' })], { terminal: true })]),
    ],
    [
      path('right-caption'),
      flow([screen('ONE', [footer({ 'left-caption': 'a', 'right-caption': letters(16) })], { terminal: true })]),
      one(),
    ],
  ],
  footers: [
    ['screens[0].layout.children', one(footer()), one()],
    [
      'screens[0].layout.children',
      one(input(), { type: 'If', condition: '${form.name} == true', then: [footer()], else: [footer()] }),
      flow([
        screen('ONE', [input(), { type: 'If', condition: '${form.name} == true', then: [footer()], else: [footer()] }], { terminal: true }),
      ]),
    ],
  ],
  optInLength: [[path('label'), one(input({ label: letters(121) }, 'OptIn')), one(input({ label: letters(120) }, 'OptIn'))]],
  optIns: [
    [
      'screens[0].layout.children',
      one(...times(6, (index) => input({ name: word(index) }, 'OptIn'))),
      one(...times(5, (index) => input({ name: word(index) }, 'OptIn'))),
    ],
  ],
  linkTextLength: [
    [
      path('text'),
      one({ type: 'EmbeddedLink', text: letters(26), 'on-click-action': { name: 'open_url', url: 'https://example.com' } }),
      one({ type: 'EmbeddedLink', text: letters(25), 'on-click-action': { name: 'open_url', url: 'https://example.com' } }),
    ],
  ],
  links: [
    [
      'screens[0].layout.children',
      one(...times(3, () => ({ type: 'EmbeddedLink', text: 'Open', 'on-click-action': { name: 'open_url', url: 'https://example.com' } }))),
      one(...times(2, () => ({ type: 'EmbeddedLink', text: 'Open', 'on-click-action': { name: 'open_url', url: 'https://example.com' } }))),
    ],
  ],
  dateLabelLength: [
    [path('label'), date({ label: letters(41) }), date({ label: letters(40) })],
    [
      path('label.start-date'),
      date({ mode: 'range', label: { 'start-date': letters(41), 'end-date': 'b' } }, 'CalendarPicker'),
      date({}, 'CalendarPicker'),
    ],
  ],
  dateHelperLength: [[path('helper-text'), date({ 'helper-text': letters(81) }), date({ 'helper-text': letters(80) })]],
  dateErrorLength: [[path('error-message'), date({ 'error-message': letters(81) }), date({ 'error-message': letters(80) })]],
  calendarTitleLength: [[path('title'), date({ title: letters(81) }, 'CalendarPicker'), date({ title: letters(80) }, 'CalendarPicker')]],
  calendarDescriptionLength: [
    [path('description'), date({ description: letters(301) }, 'CalendarPicker'), date({ description: letters(300) }, 'CalendarPicker')],
  ],
  images: [
    [
      'screens[0].layout.children',
      one(...times(4, () => ({ type: 'Image', src: 'AAAA' }))),
      one(...times(3, () => ({ type: 'Image', src: 'AAAA' }))),
    ],
  ],
  nestedIfs: [[path('then[0].then[0].then[0]', 1), one(input(), nest(4)), one(input(), nest(3))]],
  navigationLists: [
    [
      'screens[0].layout.children',
      flow([
        screen(
          'ONE',
          times(3, (index) => ({ type: 'NavigationList', name: word(index), 'list-items': [item()], 'on-click-action': go('TWO') })),
        ),
        screen('TWO', [footer()], { terminal: true }),
      ]),
      list([item()]),
    ],
  ],
  navigationItems: [[path('list-items'), list(times(21, () => item())), list(times(20, () => item()))]],
  navigationLabelLength: [[path('label'), list([item()], { label: letters(81) }), list([item()], { label: letters(80) })]],
  navigationDescriptionLength: [
    [path('description'), list([item()], { description: letters(301) }), list([item()], { description: letters(300) })],
  ],
  itemTitleLength: [[path('list-items[0].main-content.title'), main({ title: letters(31) }), main({ title: letters(30) })]],
  itemDescriptionLength: [
    [path('list-items[0].main-content.description'), main({ description: letters(21) }), main({ description: letters(20) })],
  ],
  itemMetadataLength: [[path('list-items[0].main-content.metadata'), main({ metadata: letters(81) }), main({ metadata: letters(80) })]],
  itemEndLength: (['title', 'description', 'metadata'] as const).map((name) => [
    path(`list-items[0].end.${name}`),
    list([item({ end: { [name]: letters(11) } })]),
    list([item({ end: { [name]: letters(10) } })]),
  ]),
  itemImageBytes: [
    [path('list-items[0].start.image'), list([item({ start: { image: image(101) } })]), list([item({ start: { image: image(99) } })])],
  ],
  badgeLength: [[path('list-items[0].badge'), list([item({ badge: letters(16) })]), list([item({ badge: letters(15) })])]],
  badges: [[path('list-items'), list([item({ badge: 'New' }), item({ badge: 'New' })]), list([item({ badge: 'New' }), item()])]],
  tagLength: [[path('list-items[0].tags[0]'), list([item({ tags: [letters(16)] })]), list([item({ tags: [letters(15)] })])]],
  tags: [[path('list-items[0].tags'), list([item({ tags: ['a', 'b', 'c', 'd'] })]), list([item({ tags: ['a', 'b', 'c'] })])]],
  carouselImages: [[path('images'), one(carousel(4)), one(carousel(3))]],
  carouselsPerScreen: [['screens[0].layout.children', one(carousel(1), carousel(1), carousel(1)), one(carousel(1), carousel(1))]],
  carouselsPerFlow: [
    [
      'screens',
      flow(['ONE', 'TWO'].map((id) => screen(id, [carousel(1), carousel(1), footer()], { terminal: true }))),
      flow([
        screen('ONE', [carousel(1), carousel(1), footer()], { terminal: true }),
        screen('TWO', [carousel(1), footer()], { terminal: true }),
      ]),
    ],
  ],
  pickers: [['screens[0].layout.children', one(picker({}), picker({ name: 'more' })), one(picker({}))]],
  pickerLabelLength: [[path('label'), one(picker({ label: letters(81) })), one(picker({ label: letters(80) }))]],
  pickerDescriptionLength: [
    [
      path('description'),
      one(picker({ description: letters(301) }, 'DocumentPicker')),
      one(picker({ description: letters(300) }, 'DocumentPicker')),
    ],
  ],
  maxFileSizeKib: [[path('max-file-size-kb'), one(picker({ 'max-file-size-kb': 25_601 })), one(picker({ 'max-file-size-kb': 25_600 }))]],
  uploadedFiles: [
    [path('max-uploaded-photos'), one(picker({ 'max-uploaded-photos': 31 })), one(picker({ 'max-uploaded-photos': 30 }))],
    [
      path('min-uploaded-documents'),
      one(picker({ 'min-uploaded-documents': 31 }, 'DocumentPicker')),
      one(picker({ 'min-uploaded-documents': 30 }, 'DocumentPicker')),
    ],
  ],
  responseFiles: [
    [
      'screens[1].layout.children[0].on-click-action.payload.photos',
      filesOfOtherScreen(11, 'complete'),
      filesOfOtherScreen(10, 'complete'),
    ],
    [
      path('on-click-action.payload.files', 1),
      flow([
        screen('ONE', [picker({}), footer({ 'on-click-action': { name: 'complete', payload: { files: '${form.files}' } } })], {
          terminal: true,
        }),
      ]),
      flow([
        screen(
          'ONE',
          [picker({ 'max-uploaded-photos': 10 }), footer({ 'on-click-action': { name: 'complete', payload: { files: '${form.files}' } } })],
          { terminal: true },
        ),
      ]),
    ],
  ],
  structure: [
    ['', '{ "version": ', JSON.stringify(one())],
    ['', [], one()],
    ['screens', { version: '7.3', screens: [] }, one()],
    ['screens[0].layout.type', flow([{ ...screen('ONE', [footer()], { terminal: true }), layout: { children: [] } }]), one()],
    ['screens[0].layout.children', flow([{ ...screen('ONE', []), layout: { type: 'SingleColumnLayout' } }]), one()],
    ['data_channel_uri', { ...one(), data_channel_uri: 'https://example.com' }, one()],
    ['colour', { ...one(), colour: 'red' }, one()],
    ['screens[0].colour', oneWith({ colour: 'red' }), one()],
  ],
  version: [
    ['version', { screens: [] }, one()],
    ['version', { ...one(), version: '4.0' }, { ...one(), version: '5.1' }],
    ['version', { ...one(), version: '8.0' }, one()],
  ],
  dataApiVersion: [
    ['routing_model', { ...one(), data_api_version: '3.0' }, served({ ONE: [] }, [screen('ONE', [footer()], { terminal: true })])],
    ['data_api_version', { ...one(), data_api_version: '2.0', routing_model: { ONE: [] } }, one()],
    [
      'data_api_version',
      { ...one(), version: '7.2', data_api_version: '4.0', routing_model: { ONE: [] } },
      { ...one(), data_api_version: '4.0', routing_model: { ONE: [] } },
    ],
    [path('on-click-action.name'), flow([screen('ONE', [footer({ 'on-click-action': exchange })], { terminal: true })]), one()],
    ['screens[0].refresh_on_back', oneWith({ refresh_on_back: true }), oneWith({ refresh_on_back: false })],
  ],
  screenId: [
    ['screens[0].id', flow([screen('', [footer()], { terminal: true })]), one()],
    ['screens[0].id', flow([screen('STEP_1', [footer()], { terminal: true })]), flow([screen('STEP_ONE', [footer()], { terminal: true })])],
    ['screens[0].id', flow([screen('SUCCESS', [footer()], { terminal: true })]), one()],
  ],
  screenData: [
    ['screens[0].data', oneWith({ data: [] }), oneWith({ data: {} })],
    ['screens[0].data.guest.type', oneWith({ data: { guest: {} } }), oneWith({ data: { guest: { type: 'string', __example__: 'Ana' } } })],
    ['screens[0].data.guest.__example__', oneWith({ data: { guest: { type: 'string' } } }), one()],
    ['screens[0].data.guest.__example__', oneWith({ data: { guest: { type: 'number', __example__: '4' } } }), one()],
    [
      'screens[0].data.days.items',
      oneWith({ data: { days: { type: 'array', __example__: [] } } }),
      oneWith({ data: { days: { type: 'array', items: {}, __example__: [] } } }),
    ],
  ],
  terminalScreen: [
    ['screens', flow([screen('ONE', [footer()])]), one()],
    ['screens[0]', flow([screen('ONE', [], { terminal: true })]), one()],
    ['screens', oneWith({ success: false }), oneWith({ success: true })],
    [
      'screens[0].success',
      flow([screen('ONE', [footer({ 'on-click-action': go('TWO') })], { success: true }), screen('TWO', [footer()], { terminal: true })]),
      twoScreens(go('TWO')),
    ],
  ],
  component: [
    [path('type'), one({ text: 'x' }), one({ type: 'TextBody', text: 'x' })],
    [path('type'), one({ type: 'Hologram' }), one()],
    [path('then[0].type', 1), one(input(), { type: 'If', condition: '${form.name} == 1', then: [carousel(1)] }), one(input(), nest(1))],
    [path('then', 1), one(input(), { type: 'If', condition: '${form.name} == 1', then: [] }), one(input(), nest(1))],
    [path('condition'), one({ type: 'If', condition: 'true', then: [{ type: 'TextBody', text: 'x' }] }), one(input(), nest(1))],
    [
      path('cases', 1),
      one(input(), { type: 'Switch', value: '${form.name}', cases: {} }),
      one(input(), { type: 'Switch', value: '${form.name}', cases: { a: [{ type: 'TextBody', text: 'x' }] } }),
    ],
    [
      'screens[0].layout.children',
      { ...one({ type: 'RichText', text: 'Terms' }), version: '6.2' },
      { ...one({ type: 'RichText', text: 'Terms' }), version: '6.3' },
    ],
  ],
  componentVersion: [
    ...(['CalendarPicker', 'NavigationList', 'ChipsSelector', 'ImageCarousel'] as const).map(
      (type) => [path('type'), { ...one({ ...input({}, type) }), version: '6.0' }, { ...one(input({}, type)), version: '7.3' }] as const,
    ),
    [path('label-variant'), { ...one(input({ 'label-variant': 'large' })), version: '6.3' }, one(input({ 'label-variant': 'large' }))],
    [
      path('pattern'),
      { ...one(input({ pattern: 'a+', 'helper-text': 'a' })), version: '6.1' },
      one(input({ pattern: 'a+', 'helper-text': 'a' })),
    ],
    [
      path('on-select-action.name'),
      { ...group('Dropdown', options(1), { 'on-select-action': update }), version: '5.1' },
      group('Dropdown', options(1), { 'on-select-action': update }),
    ],
    [
      path('on-select-action.name'),
      { ...group('ChipsSelector', options(2), { 'on-select-action': update }), version: '7.0' },
      group('ChipsSelector', options(2), { 'on-select-action': update }),
    ],
    [
      path('then[0].type', 1),
      {
        ...one(input(), {
          type: 'If',
          condition: '${form.name} == 1',
          then: [{ type: 'ChipsSelector', name: 'chips', label: 'Chips', 'data-source': options(2) }],
        }),
        version: '7.0',
      },
      one(input(), {
        type: 'If',
        condition: '${form.name} == 1',
        then: [{ type: 'ChipsSelector', name: 'chips', label: 'Chips', 'data-source': options(2) }],
      }),
    ],
  ],
  requiredProperty: [
    [path('label'), one({ type: 'TextInput', name: 'name' }), one(input())],
    [path('helper-text'), one(input({ pattern: 'a+' })), one(input({ pattern: 'a+', 'helper-text': 'Only a' }))],
    [path('data-source[0].id'), group('Dropdown', [{ title: 'A' }]), group('Dropdown', options(1))],
    [path('images'), one(carousel(0)), one(carousel(1))],
    [path('images[0].alt-text'), one({ type: 'ImageCarousel', images: [{ src: 'AAAA' }] }), one(carousel(1))],
    [path('list-items[0].main-content.title'), list([{ id: 'a' }]), list([item()])],
    [path('description'), one({ type: 'DocumentPicker', name: 'files', label: 'Files' }), one(picker({}, 'DocumentPicker'))],
  ],
  emptyText: [[path('text'), text('TextBody', ' '), text('TextBody', 'Text')]],
  uniqueName: [
    ['screens[1].id', flow(['ONE', 'ONE'].map((id) => screen(id, [footer()], { terminal: true }))), one()],
    [path('name', 1), one(input(), input()), one(input(), input({ name: 'other' }))],
    [path('data-source[1].id'), group('Dropdown', [...options(1), ...options(1)]), group('Dropdown', options(2))],
  ],
  reference: [
    [
      path('text'),
      text('TextBody', 'Hello ${data.guest}'),
      oneWith({ data: { guest: { type: 'string', __example__: 'Ana' } } }, { type: 'TextBody', text: 'Hello ${data.guest}' }),
    ],
    [path('text', 1), one(input(), { type: 'TextBody', text: '${form.nmae}' }), one(input(), { type: 'TextBody', text: '${form.name}' })],
    [path('text'), text('TextBody', '${user.name}'), text('TextBody', 'Costs $ {5}')],
    [path('text'), text('TextBody', '`${form.missing} == true`'), text('TextBody', 'x')],
    [path('text'), text('TextBody', '${screen.OTHER.form.name}'), text('TextBody', 'x')],
    [path('text', 1), one(input(), { type: 'TextBody', text: '${screen.ONE.form.name}' }), one(input())],
    [
      'screens[1].layout.children[0].text',
      flow([
        screen('ONE', [input(), footer({ 'on-click-action': go('TWO') })]),
        screen('TWO', [{ type: 'TextBody', text: '${screen.ONE.form.nmae}' }, footer()], { terminal: true }),
      ]),
      flow([
        screen('ONE', [input(), footer({ 'on-click-action': go('TWO') })]),
        screen('TWO', [{ type: 'TextBody', text: '${screen.ONE.form.name}' }, footer()], { terminal: true }),
      ]),
    ],
    [
      'screens[0].title',
      oneWith({ title: '${data.title}' }),
      oneWith({ title: '${data.title}', data: { title: { type: 'string', __example__: 'A' } } }),
    ],
    [
      path('on-click-action.payload.x'),
      flow([screen('ONE', [footer({ 'on-click-action': { name: 'complete', payload: { x: '${form.x}' } } })], { terminal: true })]),
      one(),
    ],
    [
      path('visible'),
      oneWith({ data: { show: { type: 'string', __example__: 'yes' } } }, { type: 'TextBody', text: 'x', visible: '${data.show}' }),
      oneWith({ data: { show: { type: 'boolean', __example__: true } } }, { type: 'TextBody', text: 'x', visible: '${data.show}' }),
    ],
    [
      path('text'),
      oneWith(
        { data: { shop: { type: 'object', properties: { name: { type: 'string' } }, __example__: {} } } },
        { type: 'TextBody', text: '${data.shop.nmae}' },
      ),
      oneWith(
        { data: { shop: { type: 'object', properties: { name: { type: 'string' } }, __example__: {} } } },
        { type: 'TextBody', text: '${data.shop.name}' },
      ),
    ],
    ['screens[0].sensitive[0]', oneWith({ sensitive: ['pin'] }, input()), oneWith({ sensitive: ['name'] }, input())],
  ],
  action: [
    [path('on-click-action.name', 2), twoScreens(complete), twoScreens(go('TWO'))],
    [path('on-click-action.name'), flow([screen('ONE', [footer({ 'on-click-action': { payload: {} } })], { terminal: true })]), one()],
    [path('on-click-action.name'), one({ type: 'EmbeddedLink', text: 'Open', 'on-click-action': complete }), one()],
    [path('on-select-action.name'), date({ 'on-select-action': update }), one()],
    [
      path('data-source[0].on-select-action.name'),
      group('Dropdown', options(1, { 'on-select-action': exchange })),
      group('Dropdown', options(1, { 'on-select-action': update })),
    ],
  ],
  navigation: [
    [path('on-click-action.next.name', 2), twoScreens(go('THREE')), twoScreens(go('TWO'))],
    [path('on-click-action.next.name', 2), twoScreens(go('ONE')), twoScreens(go('TWO'))],
    [
      path('on-click-action.name'),
      flow([screen('ONE', [footer({ 'on-click-action': go('TWO') })], { terminal: true }), screen('TWO', [footer()], { terminal: true })]),
      one(),
    ],
  ],
  navigationPayload: [
    [path('on-click-action.payload.guest', 2), twoScreens(go('TWO', { guest: '${form.name}' })), twoScreens(go('TWO'))],
    [
      path('on-click-action.payload', 2),
      twoScreens(go('TWO'), { data: { guest: { type: 'string', __example__: 'Ana' } } }),
      twoScreens(go('TWO', { guest: '${form.name}' }), { data: { guest: { type: 'string', __example__: 'Ana' } } }),
    ],
    [path('on-click-action.payload.guest', 1), passes(7, 'string', 'Ana'), passes('7', 'string', 'Ana')],
    [path('on-click-action.payload.guest', 1), passes('Ana', 'boolean', true), passes(true, 'boolean', true)],
    [path('on-click-action.payload.guest', 1), passes({}, 'array', []), passes([], 'array', [])],
    [path('on-click-action.payload.guest', 1), passes('${data.total}', 'string', 'Ana'), passes('${data.total}', 'integer', 1)],
    [path('on-click-action.payload.guest', 1), passes('Ana', 'number', 1), passes('Total ${data.total}', 'number', 1)],
  ],
  routingModel: [
    [
      'routing_model',
      served(
        { ONE: [] },
        ['ONE', 'TWO'].map((id) => screen(id, [footer()], { terminal: true })),
      ),
      one(),
    ],
    ['routing_model.X', served({ ONE: [], X: [] }, [screen('ONE', [footer()], { terminal: true })]), one()],
    ['routing_model.ONE[0]', served({ ONE: ['X'] }, [screen('ONE', [footer()], { terminal: true })]), one()],
    ['routing_model.ONE[0]', served({ ONE: ['ONE'] }, [screen('ONE', [footer()], { terminal: true })]), one()],
    ['routing_model.ONE', served({ ONE: 'TWO' }, [screen('ONE', [footer()], { terminal: true })]), one()],
    [
      'routing_model.TWO[0]',
      served(
        { ONE: ['TWO'], TWO: ['ONE'] },
        ['ONE', 'TWO'].map((id) => screen(id, [footer()], { terminal: true })),
      ),
      one(),
    ],
    [
      'routing_model.ONE',
      served({ ONE: [], TWO: [] }, [
        screen('ONE', [footer({ 'on-click-action': go('TWO') })]),
        screen('TWO', [footer()], { terminal: true }),
      ]),
      served({ ONE: ['TWO'], TWO: [] }, [
        screen('ONE', [footer({ 'on-click-action': go('TWO') })]),
        screen('TWO', [footer()], { terminal: true }),
      ]),
    ],
    [
      'routing_model.TWO',
      served({ ONE: ['TWO'], TWO: [] }, [
        screen('ONE', [footer({ 'on-click-action': exchange })]),
        screen('TWO', [footer({ 'on-click-action': exchange })]),
      ]),
      one(),
    ],
    ['screens[1]', flow(['ONE', 'TWO'].map((id) => screen(id, [footer()], { terminal: true }))), twoScreens(go('TWO'))],
    [
      'screens',
      flow([screen('ONE', [footer({ 'on-click-action': go('TWO') })]), screen('TWO', [footer({ 'on-click-action': go('ONE') })])]),
      twoScreens(go('TWO')),
    ],
    ['screens[0]', flow([screen('ONE', [footer({ 'on-click-action': update })])]), one()],
    [
      'routing_model.TWO',
      served({ ONE: ['TWO', 'END'], TWO: ['THREE'], THREE: ['FOUR'], FOUR: ['TWO'], END: [] }, circle(exchange)),
      served({ ONE: ['TWO'], TWO: ['THREE'], THREE: ['FOUR'], FOUR: ['TWO', 'END'], END: [] }, circle(exchange)),
    ],
  ],
  footerBranches: [
    [
      path('', 1),
      flow([screen('ONE', [input(), { type: 'If', condition: '${form.name} == 1', then: [footer()] }], { terminal: true })]),
      one(),
    ],
    [
      path('', 1),
      flow([screen('ONE', [input(), { type: 'Switch', value: '${form.name}', cases: { a: [footer()], b: [] } }], { terminal: true })]),
      flow([
        screen('ONE', [input(), { type: 'Switch', value: '${form.name}', cases: { a: [footer()], b: [footer()] } }], { terminal: true }),
      ]),
    ],
    [
      path('then[0].then[0]', 1),
      flow([
        screen(
          'ONE',
          [
            input(),
            {
              type: 'If',
              condition: '${form.name} == 1',
              then: [{ type: 'If', condition: '${form.name} == 2', then: [footer()], else: [footer()] }],
            },
          ],
          { terminal: true },
        ),
      ]),
      one(),
    ],
  ],
  footerCaptions: [
    [path(''), flow([screen('ONE', [footer({ 'left-caption': 'a' })], { terminal: true })]), one()],
    [
      path(''),
      flow([screen('ONE', [footer({ 'left-caption': 'a', 'right-caption': 'b', 'center-caption': 'c' })], { terminal: true })]),
      flow([screen('ONE', [footer({ 'center-caption': 'c' })], { terminal: true })]),
    ],
  ],
  form: [
    [path('', 1), one({ type: 'Form', name: 'form', children: [] }, input()), one({ type: 'Form', name: 'form', children: [input()] })],
    [
      path('children[0].init-value'),
      one({ type: 'Form', name: 'form', children: [input({ 'init-value': 'Ana' })] }),
      one(input({ 'init-value': 'Ana' })),
    ],
  ],
  fileUpload: [
    ['screens[0].layout.children', one(picker({}), picker({ name: 'more' }, 'DocumentPicker')), one(picker({}))],
    [path('max-file-size-kb'), one(picker({ 'max-file-size-kb': 0 })), one(picker({ 'max-file-size-kb': 1 }))],
    [
      path('on-click-action.payload.guest', 2),
      twoScreens(go('TWO', { guest: '${form.files}' }), { data: { guest: { type: 'array', items: {}, __example__: [] } } }),
      twoScreens(go('TWO')),
    ],
    [
      path('on-click-action.payload.all.photos', 1),
      flow([
        screen(
          'ONE',
          [
            picker({ 'max-uploaded-photos': 1 }),
            footer({ 'on-click-action': { name: 'complete', payload: { all: { photos: '${form.files}' } } } }),
          ],
          { terminal: true },
        ),
      ]),
      flow([
        screen(
          'ONE',
          [picker({ 'max-uploaded-photos': 1 }), footer({ 'on-click-action': { name: 'complete', payload: { photos: '${form.files}' } } })],
          { terminal: true },
        ),
      ]),
    ],
    [
      'screens[1].layout.children[0].on-click-action.payload.photos',
      filesOfOtherScreen(undefined, 'navigate'),
      filesOfOtherScreen(1, 'complete'),
    ],
    [
      path('init-values.files'),
      one({ type: 'Form', name: 'form', children: [picker({})], 'init-values': { files: 'x' } }),
      one(picker({})),
    ],
  ],
  navigationList: [
    [
      path(''),
      flow([
        screen('ONE', [{ type: 'NavigationList', name: 'list', 'list-items': [item()], 'on-click-action': go('ONE') }], { terminal: true }),
      ]),
      list([item()]),
    ],
    [
      path(''),
      flow([
        screen('ONE', [
          { type: 'NavigationList', name: 'list', 'list-items': [item()], 'on-click-action': go('TWO') },
          { type: 'TextBody', text: 'x' },
        ]),
        screen('TWO', [footer()], { terminal: true }),
      ]),
      list([item()]),
    ],
    [path('list-items'), list([]), list([item()])],
    [path('list-items[0].on-click-action'), list([item({ 'on-click-action': go('TWO') })]), list([item()])],
    [
      path('list-items[0].on-click-action'),
      list([item()], { 'on-click-action': undefined }),
      list([item({ 'on-click-action': go('TWO') })], { 'on-click-action': undefined }),
    ],
    [
      path('list-items[0].end'),
      list([item({ end: {} })], { 'media-size': 'large' }),
      list([item({ end: {} })], { 'media-size': 'regular' }),
    ],
  ],
  valueRange: [
    [path('min-chars'), one(input({ 'min-chars': 9, 'max-chars': '8' })), one(input({ 'min-chars': 8, 'max-chars': 8 }))],
    [
      path('min-uploaded-photos'),
      one(picker({ 'min-uploaded-photos': 3, 'max-uploaded-photos': 2 })),
      one(picker({ 'min-uploaded-photos': 2, 'max-uploaded-photos': 2 })),
    ],
    [
      path('min-date'),
      date({ 'min-date': '2026-12-02', 'max-date': '2026-12-01' }),
      date({ 'min-date': '2026-12-01', 'max-date': '2026-12-01' }),
    ],
  ],
  datePicker: [
    [path('min-date'), date({ 'min-date': '1710958020000' }), date({ 'min-date': '2026-12-01' })],
    [path('unavailable-dates[0]'), date({ 'unavailable-dates': ['24.12.2026'] }), date({ 'unavailable-dates': ['2026-12-24'] })],
  ],
};

describe.each(Object.entries(cases))('lintFlow checks %s', (rule, rows) => {
  test.each(rows)('at %s', (place, broken, fine) => {
    const found = lintFlow(broken, { asOf }).filter((finding) => finding.rule === rule);
    expect(found.map((finding) => finding.path)).toContain(place);
    for (const { message, source } of found) {
      expect(message).not.toBe('');
      expect(source).toMatch(/^Meta, .*\d{4}/);
    }
    expect(lintFlow(fine, { asOf }).filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

test('every rule of the policy has a failing case', () => {
  const rules = [...Object.keys(flowLimitRules), ...Object.keys(flowConventionRules)];
  expect(rules.filter((rule) => !(rule in cases))).toEqual([]);
});

test('a Flow without errors has no findings', () => {
  expect(lintFlow(twoScreens(go('TWO')), { asOf })).toEqual([]);
});

test('the rules of a day apply', () => {
  const old = { ...one(), version: '5.0' };
  expect(lintFlow(old, { asOf: new Date('2025-08-01') })).toEqual([]);
  expect(lintFlow(old, { asOf })).toMatchObject([{ rule: 'version', severity: 'error' }]);
  expect(lintFlow(one(), { asOf: '2025-08-01' })).toMatchObject([{ rule: 'version', severity: 'warning' }]);
});

test('texts with references have no length', () => {
  expect(lintFlow(one(input(), { type: 'TextHeading', text: `\${form.name}${letters(100)}` }), { asOf })).toEqual([]);
  expect(lintFlow(one({ type: 'TextHeading', text: `\`'${letters(100)}'\`` }), { asOf })).toEqual([]);
});

test('findings in a text contain the line and the column', () => {
  const json = JSON.stringify(one(input({ label: letters(21) })), null, 2);
  const [finding] = lintFlow(json, { asOf });
  const line = json.split('\n').findIndex((content) => content.includes(letters(21)));
  expect(finding).toMatchObject({ rule: 'inputLabelLength', line: line + 1, column: json.split('\n')[line]!.indexOf('"aaa') + 1 });
});

test('hostile Flows never throw', () => {
  const names = [
    'type',
    'children',
    'then',
    'else',
    'cases',
    'name',
    'label',
    'data-source',
    'list-items',
    'images',
    'on-click-action',
    'payload',
    'next',
    '__proto__',
    'constructor',
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        null,
        1,
        '',
        'If',
        'Form',
        'Switch',
        'Footer',
        'NavigationList',
        'ImageCarousel',
        '${data.__proto__}',
        '${screen.constructor.form.x}',
        '${}',
      ),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, value, value, (some, other, third) => {
      lintFlow(some);
      lintFlow({ version: other, screens: some, routing_model: other, data_api_version: third });
      lintFlow(
        JSON.stringify({
          screens: [{ id: 'A', layout: { children: [some, other] }, data: third, sensitive: some }, other],
          routing_model: third,
        }),
      );
    }),
    { numRuns: 500 },
  );
});

test('the time for long texts, deep JSON and many findings grows with their size only', () => {
  const size = 300_000;
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const flows: readonly unknown[] = [
    one({ type: 'TextBody', text: '${'.repeat(size) }),
    one({ type: 'TextBody', text: '`'.repeat(size) }),
    group('RadioButtonsGroup', [{ id: '1', title: 'A', image: `${'='.repeat(size)}x` }]),
    one({ type: 'TextBody', text: [{ toString: 1, valueOf: 1 }] }),
    `{"version":"7.3","screens":${deep(size)}}`,
    JSON.stringify(one()).replace('"payload":{}', `"payload":{"a":${deep(size)}}`),
    JSON.stringify(one(...times(20_000, () => ({ type: 'Nothing' })))),
    JSON.stringify(flow(times(20_000, (index) => screen('ONE', [footer({ 'on-click-action': go(`T${String(index)}`) })])))),
  ];
  for (const given of flows) {
    const startedAt = performance.now();
    lintFlow(given, { asOf });
    // It takes at most 2 seconds. With quadratic time, each takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }
});

test('a version that is no text is named as such', () => {
  expect(lintFlow({ ...one(), version: 7.3 }, { asOf })).toMatchObject([
    { rule: 'version', message: expect.stringContaining('must be a text') as string },
  ]);
});
