import type { TestCall, TestCallState } from '../../../src/domain/test-call.ts';
import { fromServerText } from '../server-time.ts';
import type { Vicidial } from '../vicidial.ts';
import { judgeTables } from './judge.ts';
import { freeLines, whyNoLine } from './lines-of-campaign.ts';

const slackMs = 30_000;
/** While it rings, the lead still has the status that it was dialled with. */
const ringingMs = 120_000;

/** The same by the API, which shows the lead and the lines, but neither hopper nor log nor what rings. */
export async function readByApi(vicidial: Vicidial, call: TestCall): Promise<TestCallState> {
  const { reads, config, deps } = vicidial;
  const [lead, live] = await Promise.all([reads.leadRow(call.leadKey), reads.liveCalls('', call.leadKey)]);
  if (!lead) return { stage: 'over', why: 'the lead is gone', fix: 'Somebody deleted it: begin anew.' };
  if (live.length > 0) return { stage: 'handed-over', why: 'a line of the remote agent has the call' };

  const dialledAt = fromServerText(lead.last_local_call_time, config.timeZone);
  const isDialled = dialledAt !== null && dialledAt >= Date.parse(call.begunAt) - slackMs;
  const noLine = (await freeLines(vicidial, call.campaign)).free > 0 ? null : await whyNoLine(vicidial, call.campaign);
  if (!isDialled) {
    const why = `not dialled yet${noLine ? `; ${noLine.why}` : ''}`;
    const fix = `Admin → Campaigns → ${call.campaign} → Detail: Active Y, Dial Method RATIO, Auto Dial Level 1; and see that AST_VDauto_dial.pl runs.`;
    return { stage: 'waiting', why, fix: noLine?.fix ?? fix };
  }
  if (lead.status === 'PU') return { stage: 'answered', why: 'the customer has answered (PU)' };
  const isFresh = dialledAt !== null && deps.clock.now() - dialledAt < ringingMs;
  if (lead.user === 'VDAD' && isFresh && !ended.includes(lead.status)) {
    return { stage: 'dialled', why: `dialled; lead status ${lead.status}` };
  }
  return judgeTables(call, {
    lead,
    hopper: null,
    live: null,
    log: null,
    line: lead.user === 'VDAD' ? '' : lead.user,
    carrier: null,
    isDialled: true,
    campaign: null,
    noLine,
  });
}

/** Statuses that the dialer itself ends a call with. */
const ended: readonly string[] = ['DROP', 'PDROP', 'NA', 'B', 'AB', 'DC', 'ADC', 'AA', 'AM', 'AL', 'XFER'];
