import { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import { parseCallerCode } from '../caller-code.ts';
import type { VicidialConfig } from '../config.ts';
import type { VicidialReads } from '../reads.ts';
import { customListOf, fieldsOf, phonesOf } from '../tables/lead-rows.ts';
import { Callback, LeadRow } from '../tables/schema.ts';
import { cellRows, oddAnswer, tabbed } from './answer-cells.ts';
import type { VicidialApi } from './api.ts';
import { findLine } from './api-answer.ts';
import { judgeCall, readCallInfo } from './call-info.ts';
import { callsOnLines, type LineCall } from './calls-on-lines.ts';
import { apiGaps } from './gaps.ts';
import { type LeadValues, leadInfo } from './lead-info.ts';
import { agentLines, isBusyWith } from './lines.ts';
import { campaignsOfLists } from './lists.ts';
import { createLookUps, type LookUps } from './look-ups.ts';
import { notTold } from './not-told.ts';
import { lookUpRecordings } from './recording-lookup.ts';
import { searchLeads, searchNumbers } from './search-leads.ts';

export interface ApiReading {
  id: string;
  config: VicidialConfig;
  api: Pick<VicidialApi, 'call' | 'acts'>;
  clock: Pick<Clock, 'now'>;
}

export type { LineCall } from './calls-on-lines.ts';

/** What the API tells beside: the calls that lines have now, since there is no table of hand-overs to look through. */
export interface ApiReads extends VicidialReads {
  callsOnLines(isWanted: (code: string) => boolean, signal?: AbortSignal): Promise<LineCall[]>;
}

/** Reads through the Non-Agent API, for a site that gives no access to its tables. Strict in what it takes for an answer. */
export function apiReads({ id, config, api, clock }: ApiReading): ApiReads {
  const lookUps = createLookUps(api, clock);
  const leads = leadInfo(lookUps, config.timeZone);
  const lines = agentLines({ lookUps, config, clock, acts: api.acts });
  const campaignOf = campaignsOfLists(lookUps, clock);
  const calls = callsOnLines({ config, clock, lookUps, lines });

  async function columns(leadId: string, signal?: AbortSignal): Promise<LeadValues> {
    return await leads.columns(leadId, () => codeOnLine(leadId), signal);
  }

  /** A code that an own line has now: what it tells of is this lead. */
  async function codeOnLine(leadId: string): Promise<string> {
    const line = (await lines()).find((each) => isBusyWith(each, '', leadId));
    const code = line && parseCallerCode(line.callerCode, clock.now(), config.timeZone);
    return code?.leadId === leadId ? code.code : '';
  }

  async function leadRow(leadId: string, signal?: AbortSignal): Promise<LeadRow | null> {
    const [values, modified] = await Promise.all([columns(leadId, signal), leads.modified(leadId, signal)]);
    if (!values) return null;
    const row = LeadRow.safeParse({
      ...Object.fromEntries(values),
      lead_id: leadId,
      campaign_id: await campaignOf(values.get('list_id') ?? '', signal),
      // What can't be told counts as changed just now: so a person's work is never taken for an old one.
      modified: String(modified ?? Math.floor(clock.now() / 1000)),
    });
    if (!row.success) throw oddAnswer('lead_all_info');
    return row.data;
  }

  return {
    gaps: apiGaps,
    leadRow: (leadId) => leadRow(leadId),
    async lead(leadId, signal) {
      const row = await leadRow(leadId, signal);
      const phones = row ? phonesOf({ config }, row, []) : [];
      if (!row || phones.length === 0) return null;
      const custom = await leads.customFields(leadId, customListOf(row), config.customFields, signal);
      const given = [...custom].filter(([, value]) => value !== '');
      return {
        dialer: id,
        key: leadId,
        list: row.list_id,
        campaign: row.campaign_id,
        phones,
        fields: { ...fieldsOf(row), ...Object.fromEntries(given) },
        changedAt: new Date(row.modified * 1000).toISOString(),
      };
    },
    async customValues(row, labels) {
      return Object.fromEntries(await leads.customFields(row.lead_id, customListOf(row), labels));
    },
    leadsWithNumber: (numbers, campaign) => searchLeads(lookUps, campaignOf, numbers, campaign),
    async liveCalls(callerCode, leadId) {
      const busy = (await lines()).filter((line) => isGoingOn(line) && isBusyWith(line, callerCode, leadId));
      return busy.map((line) => ({ callerid: line.callerCode, campaign_id: line.campaign }));
    },
    callsLike: calls.like,
    callsOnLines: calls.now,
    async lineOf(callerCode) {
      const line = (await lines()).find((each) => each.isLine && isGoingOn(each) && isBusyWith(each, callerCode, ''));
      return line?.user ?? '';
    },
    async callLog(target, leadId) {
      const { callKey, calledAt } = target;
      const [lead, info, agents] = await Promise.all([
        columns(leadId),
        callKey ? readCallInfo(lookUps, callKey, Date.parse(calledAt), config.timeZone) : null,
        lines(),
      ]);
      return judgeCall(target, info, lead, agents, config.timeZone);
    },
    callbacks: (leadId) => readCallbacks(lookUps, leadId),
    recordings: (leadId, span, signal) => lookUpRecordings(lookUps, config.timeZone, leadId, span, signal),
    remoteAgents: async () =>
      config.remoteAgents.map(({ user, lines: count }) => ({ user_start: user, number_of_lines: count, status: '' })),
    async liveLines() {
      const own = (await lines()).filter((line) => line.isLine);
      return own.map((line) => ({ user: line.user, callerid: isGoingOn(line) ? line.callerCode : '', updated: 0 }));
    },
    isOnDncList: async () => null,
    ...notTold,
    numbersHeld: (forms) => searchNumbers(lookUps, forms),
  };
}

/** A line whose customer has hung up still shows the call until the daemon frees it; a person still works on it. */
function isGoingOn({ isLine, subStatus }: { isLine: boolean; subStatus: string }): boolean {
  return !(isLine && subStatus === 'DEAD');
}

const cell = z.string();
/** lead, kind, recipient, status, lead status, time, entry time, user, list, campaign, …; the comments come last. */
const CallbackCells = z
  .tuple([cell, cell, cell, cell, cell, cell, cell, cell, cell, cell])
  .rest(cell)
  .transform(([, , , status, , callback_time, , user, , campaign_id]) => {
    return Callback.parse({ status, callback_time, user, campaign_id });
  });

async function readCallbacks(lookUps: LookUps, leadId: string): Promise<Callback[] | null> {
  const asked = { lead_id: leadId, search_location: 'CURRENT', ...tabbed };
  const answer = await lookUps.ask('lead_callback_info', asked);
  if (answer.kind === 'lacking') return null;
  if (answer.kind === 'lines' && findLine(answer, 'error', 'CALLBACK NOT FOUND')) return [];
  if (answer.kind === 'empty' || answer.lines[0]?.kind === 'error') throw oddAnswer('lead_callback_info');
  // A comment with a line break makes lines of its own, which don't begin with the lead.
  const rows = cellRows(answer.body).filter(([first]) => first === leadId);
  return rows.map((cells) => {
    const read = CallbackCells.safeParse(cells);
    if (!read.success) throw oddAnswer('lead_callback_info');
    return read.data;
  });
}
