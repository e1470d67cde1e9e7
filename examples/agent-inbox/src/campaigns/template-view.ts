import type { MessageTemplate } from 'wa-coexist';
import type { TemplateView } from '../views.ts';

/** Returns a template for the campaign page, or `undefined` if it needs more than values of its body. */
export function templateView({ name, language, category, components = [] }: MessageTemplate): TemplateView | undefined {
  const part = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  const needsMore = components.some((component) => component.type.toUpperCase() !== 'BODY' && needsValues(component));
  const body = part('BODY')?.['text'];
  if (needsMore || typeof body !== 'string') return undefined;
  return { name, language, category, body, variables: variablesOf(body) };
}

function needsValues({ type, ...component }: { readonly type: string; readonly [field: string]: unknown }): boolean {
  const isFile = type.toUpperCase() === 'HEADER' && component['format'] !== 'TEXT';
  return isFile || type.toUpperCase() === 'CAROUSEL' || variablesOf(JSON.stringify(component)).length > 0;
}

function variablesOf(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, name = '']) => name))];
}
