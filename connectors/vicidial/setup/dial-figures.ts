import type { DialFigures, DialSpan } from '../../../src/domain/dial-figures.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';
import { linesOf } from './checks/campaign-checks.ts';
import { judgeDrops, machineStatuses } from './checks/read-traffic.ts';
import type { CountRow } from './site-tables/rows.ts';
import { openSite } from './site-tables/site.ts';

/** A day, and as far back as the log is read: more would hold up the dialer. */
const spansOfDays = [1, 3];

/** How our campaigns dial, and how many answered calls found no line, by the log of the last days. */
export async function readDialFigures(vicidial: Vicidial, database: VicidialDatabase): Promise<DialFigures[]> {
  const site = openSite(vicidial, database);
  const [known, campaigns] = [await site.statuses(), await site.campaigns()];
  const counted = [];
  for (const days of spansOfDays) counted.push(await site.traffic.callsByStatus(days));

  const figures: DialFigures[] = [];
  for (const { campaign_id: campaign, dial_method: method, auto_dial_level: level } of campaigns) {
    const machines = machineStatuses(vicidial.config, known, campaign);
    const isAdaptive = /ADAPT/.test(method);
    const page = `Admin → Campaigns → ${campaign} → Detail`;
    figures.push({
      campaign,
      spans: distinct(counted.map(({ rows, hours }) => spanOf(rows, campaign, hours, machines))),
      lines: await linesOf(site, campaign),
      level: Number.isFinite(level) ? level : null,
      isAdaptive,
      levelAt: isAdaptive ? `${page} → Drop Percentage Limit, Maximum Adapt Dial Level` : `${page} → Auto Dial Level`,
      linesAt: `Admin → Remote Agents → the campaign's → Number of Lines`,
      dropsAt: 'Admin → Reports → Real-Time: Dropped and its percentage',
    });
  }
  return figures;
}

function spanOf(rows: readonly CountRow[], campaign: string, hours: number, machines: ReadonlySet<string>): DialSpan {
  const own = rows.filter((row) => row.campaign_id === campaign);
  const { answered, dropped } = judgeDrops(own, machines);
  return { hours: Math.max(1, hours), answered, dropped };
}

/** A log that is read back for less than was asked for gives the same span twice. */
function distinct(spans: readonly DialSpan[]): DialSpan[] {
  return spans.filter((span, index) => span.hours !== spans[index - 1]?.hours);
}
