import { isRecord, type JsonObject, type JsonValue } from '../../runtime/json.js';
import type { CampaignState } from './campaigns.js';
import type { EqualRejections } from './rejection-streak.js';

/** The last command of a caller. */
export type CampaignCommand = Exclude<CampaignState, 'done'>;

/** Reads the record of a campaign. A missing record is empty. */
export function recordOf(value: JsonValue | undefined): JsonObject {
  return isRecord(value) ? value : {};
}

/** Reads the last command. A campaign without one is running. */
export function commandOf(value: JsonValue | undefined): CampaignCommand {
  const { state } = recordOf(value);
  return state === 'paused' || state === 'cancelled' || state === 'stopped' ? state : 'running';
}

/** Reads the rejections that stopped a campaign. */
export function stoppedOf(value: JsonValue | undefined): EqualRejections | undefined {
  const { stopped } = recordOf(value);
  if (!isRecord(stopped) || typeof stopped.code !== 'number' || typeof stopped.rejections !== 'number') return undefined;
  return { code: stopped.code, rejections: stopped.rejections };
}
