import type { Command } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { isOn, readWhole, refuse, say } from '../../shared/answers.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';
import { askGate } from './ask-gate.ts';
import { leadsAtOnce, leadsById, leadsInHopper, leadsOfList } from './dialable-leads.ts';
import { fillHopper, leadsPerRequest } from './fill-hopper.ts';
import { type Judgement, judgeLeads, type SkippedLead } from './judge-leads.ts';
import { needTables } from './need-tables.ts';

const mostLeads = 100_000;
/** More than these are only counted. */
const mostNamed = 50;

/** Puts leads into the hopper, so that they are dialled next. */
export function pushCommand(vicidial: Vicidial): Command {
  return {
    name: 'push',
    summary: 'puts leads into the hopper: they are dialled next, within their local calling hours',
    arguments: [{ name: 'leads...', summary: 'lead ids; or name a list', isRequired: false }],
    options: [
      { flags: '--list <list>', summary: 'leads of this list that may be dialled' },
      { flags: '--limit <count>', summary: 'with --list: at most so many (Default: 100)' },
      { flags: '--priority <number>', summary: 'from 0 to 99, the highest first (Default: 0)' },
      {
        flags: '--force',
        summary: 'also leads with another status and those called since the reset; never opt-outs and DNC',
      },
      { flags: '--dry-run', summary: 'only say which leads would go' },
    ],
    async run(words, options, output) {
      const database = needTables(vicidial, 'push (nobody can tell otherwise whether a number is on a DNC list)');
      const priority = String(readWhole(options.priority ?? '0', 'the priority', 0, 99));
      const { fit, skipped } = await choose(vicidial, database, words, options);
      const skips = skipLines(skipped);
      if (fit.length === 0) {
        if (!output.isJson) for (const line of skips) output.write(line);
        return refuse(output, 'No lead may go into the hopper.', 'See why each was left out.', { pushed: 0, skipped });
      }
      if (isOn(options, 'dryRun')) {
        say(output, { ok: true, dryRun: true, leads: fit, skipped }, [
          ...skips,
          `${fit.length} leads would go into the hopper: ${fit.slice(0, 20).join(', ')}${fit.length > 20 ? ' …' : ''}`,
        ]);
        return 0;
      }

      const { pushed, refused, there, by, trouble } = await push(vicidial, database, fit, priority);
      const isDone = refused.length === 0 && !trouble;
      say(output, { ok: isDone, pushed, there, refused, skipped, by, ...(trouble && { trouble }) }, [
        ...skips,
        ...refused.map(({ leadId, why }) => `lead ${leadId} refused by VICIdial: ${why}`),
        `${pushed} of ${fit.length} leads went into the hopper by ${by}; ${there} of them wait there now.`,
        ...(trouble ? [trouble, '→ Run the command again: leads that are in the hopper are left out.'] : []),
      ]);
      return isDone ? 0 : 1;
    },
  };
}

/** Each lead that was left out; of very many only their number and some of them by each reason. */
function skipLines(skipped: readonly SkippedLead[]): string[] {
  const force = (isForceable: boolean) => (isForceable ? ' (--force)' : '');
  if (skipped.length <= mostNamed) {
    return skipped.map(({ leadId, why, isForceable }) => `lead ${leadId} left out: ${why}${force(isForceable)}`);
  }
  return [...Map.groupBy(skipped, ({ why }) => why)].map(([why, leads]) => {
    const some = leads.slice(0, 5).map(({ leadId }) => leadId);
    return `${leads.length} leads left out: ${why}${force(leads[0]?.isForceable ?? false)}, such as ${some.join(', ')}`;
  });
}

/** The named leads, or of a list as many as may be dialled, up to the limit. */
async function choose(
  vicidial: Vicidial,
  database: VicidialDatabase,
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<Judgement> {
  const isForced = isOn(options, 'force');
  if (options.list === undefined) return chooseNamed(vicidial, database, words, isForced);
  if (words.length > 0)
    throw new ConnectorError('bad_request', 'lead ids and --list were both given', { hint: 'Give one of them.' });

  const list = readWhole(options.list, 'the list', 1, 99_999_999_999);
  const limit = readWhole(options.limit ?? '100', 'the limit', 1, mostLeads);
  const chosen: Judgement = { fit: [], skipped: [] };
  let after = '0';
  while (chosen.fit.length < limit) {
    const page = await leadsOfList(database, list, after);
    const judged = await judgeLeads(vicidial, database, page, isForced);
    const { fit, skipped } = await askGate(vicidial, database, judged, limit - chosen.fit.length);
    chosen.fit.push(...fit);
    chosen.skipped.push(...skipped);
    if (page.length < leadsAtOnce) break;
    after = page.at(-1)?.lead_id ?? after;
    await vicidial.deps.clock.sleep(vicidial.config.sync.pauseMs);
  }
  return chosen;
}

async function chooseNamed(
  vicidial: Vicidial,
  database: VicidialDatabase,
  words: readonly string[],
  isForced: boolean,
): Promise<Judgement> {
  const asked = [...new Set(words.flatMap((word) => word.split(',')).filter(Boolean))];
  const wrong = asked.find((word) => !/^[1-9]\d{0,9}$/.test(word));
  if (asked.length === 0 || wrong !== undefined || asked.length > mostLeads) {
    throw new ConnectorError('bad_request', wrong ? `"${wrong.slice(0, 20)}" is no lead id` : 'no lead was named', {
      hint: 'Name lead ids, or a list with --list.',
    });
  }
  const chosen: Judgement = { fit: [], skipped: [] };
  for (let start = 0; start < asked.length; start += leadsAtOnce) {
    const ids = asked.slice(start, start + leadsAtOnce);
    const leads = await leadsById(database, ids);
    const judged = await judgeLeads(vicidial, database, leads, isForced);
    const { fit, skipped } = await askGate(vicidial, database, judged, mostLeads);
    const found = new Set(leads.map((lead) => lead.lead_id));
    const missing = ids.filter((leadId) => !found.has(leadId));
    chosen.fit.push(...fit);
    chosen.skipped.push(...skipped);
    chosen.skipped.push(...missing.map((leadId) => ({ leadId, why: 'VICIdial has no such lead', isForceable: false })));
  }
  return chosen;
}

/** Sends the leads in portions. When an answer got lost, the hopper itself says what became of its portion. */
async function push(vicidial: Vicidial, database: VicidialDatabase, leadIds: readonly string[], priority: string) {
  const refused: { leadId: string; why: string }[] = [];
  let pushed = 0;
  let there = 0;
  let by = 'hopper_bulk_insert';
  for (let start = 0; start < leadIds.length; start += leadsPerRequest) {
    const portion = leadIds.slice(start, start + leadsPerRequest);
    try {
      const answer = await fillHopper(vicidial.api, portion, priority);
      pushed += answer.accepted;
      refused.push(...answer.refused);
      by = answer.by;
      there += (await leadsInHopper(database, portion)).size;
    } catch (error) {
      if (!(error instanceof ConnectorError && error.inDoubt)) throw error;
      const waiting = (await leadsInHopper(database, portion)).size;
      return { pushed: pushed + waiting, refused, there: there + waiting, by, trouble: `${error.message}.` };
    }
  }
  return { pushed, refused, there, by, trouble: '' };
}
