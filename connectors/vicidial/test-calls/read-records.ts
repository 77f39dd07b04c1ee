import { z } from 'zod';
import type { TestCall } from '../../../src/domain/test-call.ts';
import { fromServerText, toServerRange } from '../server-time.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import { zeroDate } from '../tables/schema.ts';
import type { CampaignSetUp } from '../tables/site-rows.ts';
import { readCampaigns } from '../tables/site-set-up.ts';
import type { Vicidial } from '../vicidial.ts';
import { freeLines, whyNoLine } from './lines-of-campaign.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const whole = text.transform((value) => Math.trunc(Number(value)) || 0);
const date = text.transform((value) => (zeroDate.test(value) ? '' : value));

const LeadState = z.object({ status: text, user: text, last_local_call_time: date });
const HopperRow = z.object({ status: text, priority: text });
const LiveState = z.object({ status: text, extension: text });
const LogState = z.object({
  status: text,
  user: text,
  start_epoch: whole,
  end_epoch: whole,
  term_reason: text,
});
const HandOver = z.object({ user: text });
const CarrierResult = z.object({ dialstatus: text, sip_hangup_cause: text });

/** What VICIdial's tables hold of a test call. */
export interface TestRecords {
  /** Null: the lead is gone. */
  lead: z.infer<typeof LeadState> | null;
  hopper: z.infer<typeof HopperRow> | null;
  live: z.infer<typeof LiveState> | null;
  /** The newest since it began. */
  log: z.infer<typeof LogState> | null;
  /** The line that got the call; empty when none did. */
  line: string;
  carrier: z.infer<typeof CarrierResult> | null;
  /** It was dialled since it began. */
  isDialled: boolean;
  campaign: CampaignSetUp | null;
  /** Why no line is free; null when one is. */
  noLine: { why: string; fix: string } | null;
}

/** Clocks of dialer, database and ours may differ. */
const slackMs = 30_000;
const aheadMs = 120_000;

export async function readRecords(
  vicidial: Vicidial & { database: VicidialDatabase },
  call: TestCall,
): Promise<TestRecords> {
  const { database, config, deps } = vicidial;
  const key = Number(call.leadKey);
  const since = Date.parse(call.begunAt) - slackMs;
  const handedBetween = toServerRange(since, deps.clock.now() + aheadMs, config.timeZone);
  const [[lead], [hopper], [live], [log], [handed], [carrier], campaigns, lines] = await Promise.all([
    database.select(LeadState, 'SELECT status, user, last_local_call_time FROM vicidial_list WHERE lead_id = ?', [key]),
    database.select(HopperRow, 'SELECT status, priority FROM vicidial_hopper WHERE lead_id = ?', [key]),
    database.select(LiveState, 'SELECT status, extension FROM vicidial_auto_calls WHERE lead_id = ?', [key]),
    database.select(
      LogState,
      `SELECT status, user, start_epoch, end_epoch, term_reason FROM vicidial_log
       WHERE lead_id = ? AND start_epoch >= ? ORDER BY start_epoch DESC LIMIT 1`,
      [key, Math.floor(since / 1000)],
    ),
    database.select(
      HandOver,
      'SELECT user FROM vicidial_remote_agent_log WHERE call_time BETWEEN ? AND ? AND lead_id = ? ORDER BY call_time DESC',
      [...handedBetween, key],
    ),
    database.select(
      CarrierResult,
      `SELECT dialstatus, sip_hangup_cause FROM vicidial_carrier_log WHERE lead_id = ? AND call_date >= ?
       ORDER BY call_date DESC LIMIT 1`,
      [key, handedBetween[0]],
    ),
    readCampaigns(database),
    freeLines(vicidial, call.campaign),
  ]);
  const dialledAt = fromServerText(lead?.last_local_call_time ?? '', config.timeZone);
  return {
    lead: lead ?? null,
    hopper: hopper ?? null,
    live: live ?? null,
    log: log ?? null,
    line: handed?.user ?? '',
    carrier: carrier ?? null,
    isDialled: dialledAt !== null && dialledAt >= since,
    campaign: campaigns.find(({ id }) => id === call.campaign) ?? null,
    noLine: lines.free > 0 ? null : await whyNoLine(vicidial, call.campaign),
  };
}
