import { isRecord } from '../../../runtime/json.js';
import { createJsonLocator, type JsonPath, type TextPosition } from '../../../runtime/json-position.js';
import type { Answer } from '../entities.js';

/** Sources: Meta, Flows changelog (Nov 2025), Flow JSON and Flows error codes (Dec 2025). */
const publishedVersions: ReadonlySet<unknown> = new Set(['5.1', '6.0', '6.1', '6.2', '6.3', '7.0', '7.1', '7.2', '7.3']);
const mostScreens = 100;

interface Problem {
  readonly error: string;
  readonly message: string;
  readonly path: JsonPath;
}

/** The validation errors of a Flow. It finds the frequent ones; Meta checks much more. */
export function validateFlowJson(json: string | undefined): readonly Answer[] {
  if (json === undefined) return [];
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return [toError('INVALID_FLOW_JSON', 'Flow JSON is not valid.', { line: 1, column: 1 }, [])];
  }
  const problems = isRecord(content) ? problemsOf(content) : [problem('INVALID_PROPERTY_TYPE', 'Expected the Flow to be an object.', [])];
  const locate = createJsonLocator(json);
  return problems.map(({ error, message, path }) => toError(error, message, locate(path), path));
}

function problemsOf(flow: Answer): readonly Problem[] {
  const problems: Problem[] = ['version', 'screens']
    .filter((name) => !(name in flow))
    .map((name) => problem('MISSING_REQUIRED_TYPE_PROPERTY', `Required property '${name}' is missing.`, []));
  if ('version' in flow && !publishedVersions.has(flow.version)) {
    problems.push(problem('INVALID_FLOW_JSON_VERSION', 'Invalid Flow JSON version.', ['version']));
  }
  const given: unknown = flow.screens;
  const screens = (Array.isArray(given) ? (given as readonly unknown[]) : []).filter(isRecord);
  if (screens.length > mostScreens) {
    problems.push(
      problem('MAX_SCREENS_NUMBER', `Maximum number of screens allowed per Flow is 100 but found ${String(screens.length)}.`, ['screens']),
    );
  }
  const ids = new Set<unknown>();
  screens.forEach((screen, index) => {
    const path = ['screens', index];
    const { id } = screen;
    if (typeof id !== 'string') problems.push(problem('MISSING_REQUIRED_TYPE_PROPERTY', "Required property 'id' is missing.", path));
    else if (ids.has(id)) problems.push(problem('DUPLICATE_SCREEN_IDS', `Duplicate screen id found: ${id}.`, [...path, 'id']));
    else if (id.toLowerCase() === 'success') {
      problems.push(
        problem('SCREEN_ID_IS_RESERVED_KEYWORD', "Screen id cannot be 'success' since it is a reserved keyword.", [...path, 'id']),
      );
    }
    ids.add(id);
    if (!isRecord(screen.layout)) problems.push(problem('MISSING_REQUIRED_TYPE_PROPERTY', "Required property 'layout' is missing.", path));
  });
  screens.forEach(({ layout }, index) => {
    problems.push(...navigationProblems(layout, ['screens', index, 'layout'], ids));
  });
  return problems;
}

/** Actions whose target doesn't exist. */
function navigationProblems(value: unknown, path: JsonPath, ids: ReadonlySet<unknown>): readonly Problem[] {
  if (path.length > 64) return [];
  if (Array.isArray(value)) return value.flatMap((element, index) => navigationProblems(element, [...path, index], ids));
  if (!isRecord(value)) return [];
  const next = value.name === 'navigate' && isRecord(value.next) ? value.next.name : undefined;
  const own =
    next === undefined || ids.has(next)
      ? []
      : [
          problem(
            'INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME',
            `Unknown screen ids found: [${typeof next === 'string' ? next : typeof next}].`,
            [...path, 'next', 'name'],
          ),
        ];
  return [...own, ...Object.entries(value).flatMap(([name, content]) => navigationProblems(content, [...path, name], ids))];
}

function problem(error: string, message: string, path: JsonPath): Problem {
  return { error, message, path };
}

function toError(error: string, message: string, { line, column }: TextPosition, path: JsonPath): Answer {
  const place = { line_start: line, line_end: line, column_start: column, column_end: column };
  const pointer = path.map((segment) => (typeof segment === 'number' ? `[${String(segment)}]` : segment)).join('.');
  return { error, error_type: 'FLOW_JSON_ERROR', message, ...place, pointers: [{ ...place, path: pointer.replaceAll('.[', '[') }] };
}
