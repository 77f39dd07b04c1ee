import type { App } from '../app.ts';
import { maskedKey, maskedPhone } from '../console/components/phone.ts';
import type { Call } from '../domain/call.ts';
import type { MarkedCall } from '../domain/call-marks.ts';
import { instantOf } from '../domain/clock.ts';
import { isDay, startOfDay } from '../domain/day-span.ts';
import { type CallsAnswer, searchCalls } from '../flows/search-calls.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { tableLines } from './terminal-table.ts';

export interface SearchOptions {
  phone?: string;
  lead?: string;
  dialer?: string;
  campaign?: string;
  outcome?: string;
  agent?: string;
  person?: string;
  from?: string;
  to?: string;
  after?: string;
  limit: string;
  showNumbers?: boolean;
  json?: boolean;
}

/** Lists the calls that fit, the newest first. */
export async function search(context: CliContext, app: App, text: string, options: SearchOptions): Promise<void> {
  const { limit, from, to, showNumbers, json, ...asked } = options;
  const zone = app.deps.settings.console.timeZone;
  const span = { from: instantIn(zone, from), before: instantIn(zone, to) };
  if (span.from === null || span.before === null) {
    context.err(`Give times as 2026-03-02 (a day by the clocks of ${zone}) or as 2026-03-02T14:00:00Z.`);
    return context.exit(1);
  }
  const most = Math.min(1000, Math.max(1, Number.parseInt(limit, 10) || 50));
  const { from: first, before } = span;
  const answer = await searchCalls(app.deps, { ...asked, text, from: first, before, limit: most });
  if (showNumbers && answer.calls.length > 0) await noteShown(app, answer.calls);
  const phoneOf = (call: Call) => (showNumbers ? call.phone : maskedPhone(call.phone));
  const keyOf = ({ leadKey, phone }: Call) => (showNumbers ? leadKey : maskedKey(leadKey, phone));
  const shown = answer.calls.map((call) => ({ ...call, leadKey: keyOf(call) }));
  if (json) {
    for (const call of shown) context.out(JSON.stringify({ ...rowOf(call), phone: phoneOf(call) }));
    return;
  }
  if (shown.length === 0) context.out('No call fits.');
  else for (const line of tableLines(tableOf(shown, phoneOf))) context.out(line);
  for (const line of moreLines(answer)) context.err(line);
}

/** What was shown of whom is kept for each call, as the console does. */
export async function noteShown(
  { deps }: App,
  calls: readonly Call[],
  act: 'number-shown' | 'transcript-read' = 'number-shown',
): Promise<void> {
  const at = instantOf(deps.clock);
  for (const { correlationId: subject } of calls) {
    await deps.store.appendAudit({ at, by: operatorName(), act, subject, details: { where: 'cli' } });
  }
}

function rowOf({ correlationId, registeredAt, dialer, campaign, leadKey, route, outcome, marks }: MarkedCall) {
  const { agent, person, talkSec, isTransferred } = marks;
  const ended = { outcome: outcome?.code ?? '', basis: outcome?.basis ?? '' };
  return {
    correlationId,
    registeredAt,
    dialer,
    campaign,
    leadKey,
    route,
    ...ended,
    agent,
    person,
    talkSec,
    isTransferred,
  };
}

function tableOf(calls: readonly MarkedCall[], phoneOf: (call: Call) => string) {
  return {
    head: ['call', 'registered', 'dialer', 'campaign', 'lead', 'number', 'outcome', 'agent', 'person'],
    rows: calls.map((call) => [
      call.correlationId,
      call.registeredAt.replace(/\.\d+Z$/, 'Z'),
      call.dialer,
      call.campaign,
      call.leadKey || '-',
      phoneOf(call) || '-',
      call.outcome ? call.outcome.code : ({ text: 'none yet', colour: 'gray' } as const),
      call.marks.agent || '-',
      call.marks.person || '-',
    ]),
  };
}

function moreLines({ next, lookedBackTo }: CallsAnswer): string[] {
  if (!next) return [];
  const far = lookedBackTo ? `Looked back to ${lookedBackTo}; older ones may fit. ` : '';
  return [`${far}More: --after ${next}`];
}

/** A day begins when it does in the site's zone. Undefined for nothing, null for what is no time. */
function instantIn(zone: string, text: string | undefined): string | undefined | null {
  if (!text) return undefined;
  if (isDay(text)) return startOfDay(zone, text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
