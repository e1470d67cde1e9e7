import { flowFeatureVersions, flowVersions } from '../../policy/flow-rules.js';
import { isoDay } from '../../runtime/calendar.js';
import { systemClock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import { parseJson } from '../../runtime/parse-json.js';
import { FlowFindings, type FlowFinding } from './flow-finding.js';
import { isBefore, readFlowModel, type FlowModel } from './flow-model.js';
import { lintActions } from './lint-actions.js';
import { lintComponents } from './lint-components.js';
import { lintReferences } from './lint-references.js';
import { lintRoutes } from './lint-routes.js';
import { lintScreens } from './lint-screens.js';

/** Options of {@link lintFlow}. */
export interface LintFlowOptions {
  /** Applies the rules of this day: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
}

const topProperties = ['version', 'screens', 'routing_model', 'data_api_version', 'name', 'categories'];

/**
 * Checks the JSON of a Flow against Meta's documented rules: versions, screens, components, limits, actions, references
 * between screens, and the routing model. `defineFlow` calls it.
 *
 * Meta validates more, for example the syntax of expressions. Its errors are in the result of `uploadFlowJson`.
 *
 * @param flow - The JSON, as an object or as text. With a text, the findings contain lines and columns.
 * @param options - `asOf` selects the rules of a day.
 * @returns The findings. Each contains the rule, the path, the severity and the source.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { lintFlow } from 'wa-coexist/flows';
 *
 * for (const { line, path, message } of lintFlow(await readFile('booking.json', 'utf8'))) console.log(line, path, message);
 * ```
 */
export function lintFlow(flow: unknown, options: LintFlowOptions = {}): readonly FlowFinding[] {
  const { asOf = new Date(systemClock.now()) } = options;
  const day = typeof asOf === 'string' ? asOf : isoDay(asOf.getTime());
  const text = typeof flow === 'string' ? flow : undefined;
  const content = text === undefined ? flow : parsed(text);
  // Positions exist only in valid JSON.
  const findings = new FlowFindings(day, content === undefined ? undefined : text);
  if (!isRecord(content)) {
    findings.add('structure', [], content === undefined ? 'The text is no valid JSON' : 'The Flow must be an object');
    return findings.all;
  }
  const bytes = text === undefined ? sizeOf(content) : new TextEncoder().encode(text).length;
  findings.most('jsonBytes', [], bytes, (limit) => `The Flow has ${String(bytes)} bytes, but Meta allows ${String(limit)}`);
  const model = readFlowModel(content);
  lintTop(model, findings);
  lintScreens(model, findings);
  lintComponents(model, findings);
  lintActions(model, findings);
  lintReferences(model, findings);
  lintRoutes(model, findings);
  return findings.all;
}

function lintTop({ flow, version, hasEndpoint, screens }: FlowModel, findings: FlowFindings): void {
  for (const name of Object.keys(flow)) {
    if (name === 'data_channel_uri')
      findings.add('structure', [name], 'is not supported since version 3.0. Set endpoint_uri with updateFlow');
    else if (!topProperties.includes(name)) findings.add('structure', [name], 'is unknown', 'warning');
  }
  const versions = flowVersions('flowJson', findings.day);
  const latest = versions.at(-1) ?? '';
  if (version === '') {
    const problem = flow.version === undefined || flow.version === '' ? 'is missing' : 'must be a text';
    findings.add('version', ['version'], `${problem}: Meta recommends '${latest}'`);
  }
  if (version !== '' && !versions.includes(version)) {
    const isNewer = isBefore(latest, version);
    const message = `can't be published: Meta publishes ${versions.join(', ')}`;
    findings.add(
      'version',
      ['version'],
      isNewer ? `is newer than ${latest}, the latest version that is known` : message,
      isNewer ? 'warning' : 'error',
    );
  }
  if (!Array.isArray(flow.screens) || screens.length === 0)
    findings.add('structure', ['screens'], 'must be a list with at least one screen');
  const dataVersions = flowVersions('dataApi', findings.day);
  const given = flow.data_api_version;
  if (hasEndpoint && (typeof given !== 'string' || !dataVersions.includes(given))) {
    findings.add('dataApiVersion', ['data_api_version'], `must be one of ${dataVersions.join(', ')}`);
  }
  if (hasEndpoint && !isRecord(flow.routing_model)) {
    findings.add('dataApiVersion', ['routing_model'], 'is missing. Flows with data_api_version need it');
  }
  if (given === '4.0' && isBefore(version, '7.3')) {
    findings.add('dataApiVersion', ['data_api_version'], 'adds flow_token_signature only to Flows of version 7.3 or later', 'warning');
  }
  for (const { nodes } of screens) {
    for (const { type, path } of nodes) {
      const first = Object.hasOwn(flowFeatureVersions, type) ? flowFeatureVersions[type] : undefined;
      if (first !== undefined && isBefore(version, first)) {
        findings.add('componentVersion', [...path, 'type'], `is ${type}, which needs version ${first} or later`);
      }
    }
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function sizeOf(flow: object): number {
  try {
    return new TextEncoder().encode(JSON.stringify(flow)).length;
  } catch {
    // The value is circular or can't be represented as JSON. The other rules report the parts that they can read.
    return 0;
  }
}
