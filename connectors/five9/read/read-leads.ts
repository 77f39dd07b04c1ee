import type { LeadPage } from '../../../src/domain/lead.ts';
import type { Five9 } from '../five9.ts';
import { readPartition } from './partitions.ts';
import { createReportReader } from './report-leads.ts';

/** Reads leads page by page: by the saved report where one is configured, else by partitions. */
export function createLeadReader(five9: Five9): (cursor: string, signal: AbortSignal) => Promise<LeadPage> {
  const { report } = five9.config.sync;
  return report ? createReportReader(five9, report) : (cursor, signal) => readPartition(five9, cursor, signal);
}
