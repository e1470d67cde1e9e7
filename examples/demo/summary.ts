import type { CostReport } from 'wa-coexist/coexistence';
import { table } from './terminal.ts';

/** What the demo came to. */
export interface Summary {
  readonly contacts: number;
  readonly historyMessages: number;
  /** History messages by time band: the day before onboarding, to day 90, to day 180. */
  readonly historyByPhase: readonly number[];
  readonly historyMediaJoined: number;
  /** Deliveries and events that came again and were dropped. */
  readonly duplicatesDropped: number;
  readonly echoes: number;
  readonly echoEdits: number;
  readonly echoRevokes: number;
  /** Customers' messages that the bot left to the person. */
  readonly botSilenced: number;
  readonly sent: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Times that Meta refused a message for its rate. */
  readonly throttled: number;
  /** Most messages that Meta accepted in any one second. */
  readonly maxInOneSecond: number;
  readonly seconds: number;
  readonly costs: CostReport;
  /** When the app must next be opened. */
  readonly heartbeatDueAt: string;
}

/** The summary as a table for people. */
export function summaryLines(summary: Summary): string[] {
  return table([
    ['contacts', summary.contacts],
    ['history messages', summary.historyMessages],
    ...['of the last day', 'to day 90', 'to day 180'].map((band, phase): [string, number] => [
      `  ${band}`,
      summary.historyByPhase[phase] ?? 0,
    ]),
    ['history media joined', summary.historyMediaJoined],
    ['echoes', `${summary.echoes}, edits ${summary.echoEdits}, deletions ${summary.echoRevokes}`],
    ['left to the person', summary.botSilenced],
    ['duplicates dropped', summary.duplicatesDropped],
    ['sent / rejected / unknown', `${summary.sent} / ${summary.rejected} / ${summary.unknown}`],
    ['refused for the rate', summary.throttled],
    ['most in any one second', summary.maxInOneSecond],
    ['through the app, free', summary.costs.app],
    ...summary.costs.rows.map(({ category, type, messages }): [string, number] => [`through the API, ${category} (${type})`, messages]),
    ['open the app before', summary.heartbeatDueAt],
    ['seconds', summary.seconds],
  ]);
}
