/** A component of a template as Meta stores it. Meta ignores case in `type`. */
export type StoredTemplateComponent =
  { readonly type: string; readonly [field: string]: unknown } | { readonly type: string; readonly components?: never };

/**
 * A template with the content that Meta approved. `npx wa-coexist templates pull` generates definitions from an account,
 * and `defineTemplate` checks one that you write. The compiler reads variables, files and buttons from it, so that
 * `template(definition, values)` accepts only matching values.
 */
export interface TemplateDefinition {
  readonly name: string;
  /** Language code, for example `en_US`, or all languages of the template. */
  readonly language: string | readonly string[];
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION` or a value that Meta adds. */
  readonly category?: string | undefined;
  /** `POSITIONAL`, `NAMED` or a value that Meta adds. */
  readonly parameter_format?: string | undefined;
  /** Components of the first language. */
  readonly components?: readonly StoredTemplateComponent[] | undefined;
  /** Components of the other languages, by language code. They have the same variables, files and buttons. */
  readonly translations?: Readonly<Record<string, readonly StoredTemplateComponent[]>> | undefined;
}
