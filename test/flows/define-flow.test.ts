import { expect, expectTypeOf, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { defineFlow } from 'wa-coexist/flows';

const asOf = '2026-11-29';
const finish = {
  type: 'Footer',
  label: 'Book',
  'on-click-action': { name: 'complete', payload: { guest: '${screen.DETAILS.form.guest}' } },
} as const;
const next = {
  type: 'Footer',
  label: 'Next',
  'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'CONFIRM' }, payload: {} },
} as const;

test('a Flow keeps the types of its screens', () => {
  const booking = defineFlow(
    {
      version: '7.3',
      screens: [
        {
          id: 'DETAILS',
          title: 'Your table',
          layout: { type: 'SingleColumnLayout', children: [{ type: 'TextInput', name: 'guest', label: 'Name', required: true }, next] },
        },
        { id: 'CONFIRM', terminal: true, layout: { type: 'SingleColumnLayout', children: [finish] } },
      ],
    },
    { asOf },
  );
  expectTypeOf(booking.screens[0]!.id).toEqualTypeOf<'DETAILS' | 'CONFIRM'>();
  expect(JSON.parse(JSON.stringify(booking))).toMatchObject({ version: '7.3', screens: [{ id: 'DETAILS' }, { id: 'CONFIRM' }] });
});

test('the compiler finds unknown screens, components and properties', () => {
  const define = (): unknown =>
    defineFlow({
      version: '7.3',
      // @ts-expect-error there is no screen OTHER
      routing_model: { OTHER: [] },
      screens: [
        {
          id: 'DETAILS',
          terminal: true,
          layout: {
            type: 'SingleColumnLayout',
            children: [
              // @ts-expect-error there is no such component
              { type: 'Hologram' },
              // @ts-expect-error the label is missing
              { type: 'TextInput', name: 'guest' },
              // @ts-expect-error a number must be a number or a reference
              { type: 'CheckboxGroup', name: 'days', label: 'Days', 'data-source': '${data.days}', 'min-selected-items': 'two' },
              {
                type: 'Footer',
                label: 'Next',
                // @ts-expect-error there is no screen CONFIM
                'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'CONFIM' }, payload: {} },
              },
            ],
          },
        },
      ],
    });
  expect(define).toThrow(InvalidArgumentError);
});

test('the error names each problem with its path', () => {
  const define = (): unknown =>
    defineFlow(
      {
        version: '7.3',
        screens: [
          { id: 'DETAILS', layout: { type: 'SingleColumnLayout', children: [{ type: 'TextHeading', text: '${data.title}' }, next] } },
          { id: 'CONFIRM', terminal: true, layout: { type: 'SingleColumnLayout', children: [finish] } },
        ],
      },
      { asOf },
    );
  expect(define).toThrow(
    /screens\[0\]\.layout\.children\[0\]\.text.*refers to \$\{data\.title\}.*DETAILS doesn't declare title.*DETAILS has no input guest/s,
  );
});

test('warnings do not throw, and wrong arguments do', () => {
  const flow = {
    version: '9.0',
    screens: [
      {
        id: 'ONE',
        terminal: true,
        layout: { type: 'SingleColumnLayout', children: [{ ...finish, 'on-click-action': { name: 'complete', payload: {} } }] },
      },
    ],
  } as const;
  expect(defineFlow(flow, { asOf })).toBe(flow);
  // @ts-expect-error a Flow is an object
  expect(() => defineFlow('{}')).toThrow(InvalidArgumentError);
  const many = { ...flow, screens: Array.from({ length: 12 }, () => ({ ...flow.screens[0], id: 'SUCCESS' })) } as const;
  expect(() => defineFlow(many, { asOf })).toThrow(/and \d+ more/);
});
