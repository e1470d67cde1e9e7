import type { CampaignReport } from 'wa-coexist';
import { describeError } from 'wa-coexist/errors';
import type { CampaignView } from '../views.ts';

/** A row of the table `campaigns`. */
export interface CampaignRow {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly name: string;
  readonly template: string;
  readonly total: number;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A row of the table `campaign_failures`. */
export interface FailureRow {
  readonly recipient: string;
  readonly kind: string;
  readonly message: string;
}

/** Combines a campaign with the counts of the sender. */
export function campaignView(row: CampaignRow, report: CampaignReport, failures: readonly FailureRow[]): CampaignView {
  const { id, phoneNumberId, name, template, total, createdBy, createdAt } = row;
  const { accepted, rejected, unknown } = report;
  // The sender doesn't know the messages that the relay has yet to pass to it, so it can call a campaign done too early.
  const isDone = accepted + rejected + unknown >= total;
  const state = report.state === 'cancelled' ? 'cancelled' : isDone ? 'done' : report.state === 'done' ? 'running' : report.state;
  const reasons = Object.entries(report.byCode).map(([code, count]) => ({
    code,
    count,
    meaning: describeError(Number(code))?.meaning ?? '',
  }));
  return {
    id,
    phoneNumberId,
    name,
    template,
    total,
    createdBy,
    createdAt: createdAt.toISOString(),
    state,
    accepted,
    rejected,
    unknown,
    reasons,
    failures,
  };
}
