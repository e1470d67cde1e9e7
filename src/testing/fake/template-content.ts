import { isRecord } from '../../runtime/json.js';
import type { Answer } from './entities.js';

/** Returns the component of a type, in upper or lower case. */
export function componentOf(components: readonly Answer[], kind: string): Answer | undefined {
  return components.find(({ type }) => typeof type === 'string' && type.toUpperCase() === kind);
}

/** The body of a template. */
export function bodyOf(components: readonly Answer[]): Answer | undefined {
  return componentOf(components, 'BODY');
}

/** The text of the body; none for authentication templates, whose text is Meta's. */
export function bodyTextOf(components: readonly Answer[]): string {
  const text = bodyOf(components)?.text;
  return typeof text === 'string' ? text : '';
}

/** How many different variables a text has. */
export function variablesOf(text: unknown): number {
  return typeof text === 'string' ? new Set(text.match(/\{\{\s*\w+\s*\}\}/g)).size : 0;
}

/** Buttons of a template. */
export function buttonsOf(components: readonly Answer[]): readonly Answer[] {
  const buttons = componentOf(components, 'BUTTONS')?.buttons;
  return Array.isArray(buttons) ? buttons.filter(isRecord) : [];
}
