import {
  AccountRestrictedError,
  AuthenticationError,
  CoexistenceSyncError,
  InvalidParameterError,
  MediaError,
  PairRateError,
  PermissionError,
  ServerError,
  TemplateError,
  ThrottlingError,
  UndeliverableError,
  UnknownCodeError,
  WindowClosedError,
  type GraphApiError,
  type GraphErrorFacts,
  type RetrySafety,
} from './graph-api-error.js';

/**
 * Codes, their error class, whether to retry, and the delay before it. A negative code ends a range that starts with
 * the code before it.
 */
type CodeFacts = readonly [
  codes: readonly number[],
  error: new (message: string, facts: GraphErrorFacts, resend: RetrySafety) => GraphApiError,
  resend: RetrySafety,
  /** Milliseconds, if Meta documents them or they are known from practice. */
  delayMs?: number,
];

/**
 * One row for each combination of facts. The first row with the code counts. Every program that makes a request bundles
 * this table, so the texts are in `code-texts.ts`.
 *
 * Source: Meta's error code pages and changelog to Sep 2026.
 */
const rows: readonly CodeFacts[] = [
  [[0, 190], AuthenticationError, 'never'],
  [[3, 10, 200, -299, 131005, 131215, 138000, 138006, 138013, 138017, -138018, 138038, 200005, -200007, 2494191], PermissionError, 'never'],
  [[4, 80007, 131057, 2494100], ThrottlingError, 'safe', 60_000],
  [[613, 130429, 131208, 138002, 138005], ThrottlingError, 'safe', 1_000],
  [[132069, 133008, -133009, 133016, 138009, 138012], ThrottlingError, 'later'],
  [[131056], PairRateError, 'safe', 6_000],
  [[131047], WindowClosedError, 'never'],
  [
    [130403, 130472, 130497, 131021, 131026, 131035, -131036, 131049, -131050, 131060, 131062, 131065, 137000, 138001, 138019, -138023],
    UndeliverableError,
    'never',
  ],
  [[131030, 131070], UndeliverableError, 'later'],
  [[134101], TemplateError, 'safe', 60_000],
  [[132015, 134102], TemplateError, 'later'],
  [[131061, 131063, -131064, 132000, -132999, 134100, 134103, 2388019, 2388039, -2388073, 2388293, 2388299], TemplateError, 'never'],
  [[131052, -131053, 131209, -131210], MediaError, 'never'],
  [[2593107, -2593109], CoexistenceSyncError, 'never'],
  [[368, 131031, 131048, 131207, 138014, -138015, 2593079, 2593085], AccountRestrictedError, 'never'],
  [
    [131037, 131042, 131044, -131045, 131214, 133006, 133010, 133015, 134011, 138011, 138024, -138025, 141002, -141014],
    AccountRestrictedError,
    'later',
  ],
  [[1, -2, 131000, 131016, 133004, 138004, 138007, 139102, -139103], ServerError, 'idempotent-only'],
  [[133000], ServerError, 'later'],
  [
    [
      33, 100, 130501, 131008, -131009, 131020, 131041, 131051, 131055, 131059, 131200, -131299, 133005, 135000, 136024, 138003, 139000,
      -139199, 147001, -147005, 1752041, 2388001, -2388103, 2494164, -2494179,
    ],
    InvalidParameterError,
    'never',
  ],
];

const unknown: CodeFacts = [[], UnknownCodeError, 'never'];

const find = (code: number): CodeFacts | undefined =>
  rows.find(([codes]) =>
    codes.some((bound, index) => bound === code || (bound < 0 && code <= -bound && code >= (codes[index - 1] ?? code))),
  );

/**
 * Finds the facts of a Graph API error by its code, otherwise by its subcode, otherwise by its HTTP status. Meta's rule
 * is to branch on the code. The HTTP status isn't specific, because most rejections are 400.
 */
export function factsOfCode(code: number, subcode: number = Number.NaN, httpStatus = 0): CodeFacts {
  return (
    // Many management errors are a subcode of 100. The subcode is more specific.
    (code === 100 && find(subcode)) ||
    (find(code) ?? find(subcode) ?? find(httpStatus === 429 ? 130_429 : httpStatus >= 500 ? 2 : Number.NaN) ?? unknown)
  );
}
