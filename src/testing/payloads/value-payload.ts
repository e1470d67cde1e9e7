import { fieldExamples, findField, type FieldExamples } from '../../webhooks/fields/registry.js';
import type { Change } from '../fake/webhook-values.js';
import type { CustomerPayloadPlace } from './place.js';
import { changeOf, customerChange, numberChange, sceneOf, wamid, type Scene } from './scene.js';

/** What replaces a part of a value, for all fields. */
type ValueOverrides = CustomerPayloadPlace & { readonly value?: object };

/** Meta puts the portfolio of the partner in the place of the WABA. */
const portfolioId = '640064006400640';

/** Returns whether the registry of fields contains an example for a type of event. */
export function hasExample(type: string): type is keyof FieldExamples {
  return Object.hasOwn(fieldExamples, type);
}

/**
 * Makes the change of a field whose events contain one object of Meta's, from its example in the registry of fields.
 */
export function valueChange(type: keyof FieldExamples, overrides: ValueOverrides): Change {
  const { place, field = type, value } = fieldExamples[type];
  const scene = sceneOf(overrides);
  const item = { ...value(exampleSceneOf(scene)), ...overrides.value };
  const [list] = Object.keys(findField(field)?.lists ?? {});
  if (list === undefined) return changeOf(scene, field, item, place === 'portfolio' ? portfolioId : undefined);
  return place === 'customer' ? customerChange(scene, field, { [list]: [item] }) : numberChange(scene, field, { [list]: [item] });
}

function exampleSceneOf({ number, person, timestamp }: Scene): Parameters<FieldExamples[keyof FieldExamples]['value']>[0] {
  return {
    number,
    person: { ...(!person.hidesNumber && { wa_id: person.waId }), user_id: person.userId },
    timestamp,
    messageId: () => wamid(person, 'customer'),
  };
}
