import { type Advice, adviseLevel, adviseLines, type BusyHour, peakOf } from '../domain/advice.ts';
import type { Instant } from '../domain/call.ts';
import type { DialFigures } from '../domain/dial-figures.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import { platformOf } from '../domain/slots.ts';
import type { Deps } from './deps.ts';

/** What a campaign should change, by what was measured of it. */
export interface CampaignAdvice {
  dialer: string;
  campaign: string;
  lines: Advice;
  level: Advice;
  /** Why the dialer's own figures are missing; empty when they are there. */
  missing: string;
}

export interface AdviceQuery {
  dialer?: string;
  campaign?: string;
}

type AdviceDeps = Pick<Deps, 'store' | 'dialers' | 'platforms' | 'clock'>;

const backMs = 7 * 86_400_000;
const hourMs = 3_600_000;
const dialerMs = 20_000;
const unknownFigures: Omit<DialFigures, 'campaign'> = {
  ...{ spans: [], lines: null, level: null, isAdaptive: false },
  ...{ levelAt: "the dialer's dial level", linesAt: "the dialer's lines", dropsAt: "the dialer's reports" },
};

/** Advice on lines and dial level of each campaign, from a week of calls and what its dialer tells. Reads only. */
export async function advise(deps: AdviceDeps, query: AdviceQuery = {}): Promise<CampaignAdvice[]> {
  const now = deps.clock.now();
  const span = { from: new Date(now - backMs).toISOString(), before: new Date(now).toISOString() };
  const hours = await deps.store.countHours({ ...span, by: ['hour', 'dialer', 'campaign'] });
  const all: CampaignAdvice[] = [];
  for (const dialer of deps.dialers.values()) {
    if (query.dialer !== undefined && dialer.id !== query.dialer) continue;
    const own = hours.filter((hour) => hour.dialer === dialer.id);
    const told = await figuresOf(dialer);
    const names = new Set([...own.map(({ campaign }) => campaign), ...told.figures.map(({ campaign }) => campaign)]);
    for (const campaign of [...names].sort()) {
      if (campaign === '' || (query.campaign !== undefined && campaign !== query.campaign)) continue;
      const hour = await busiestOf(deps, dialer.id, campaign, own);
      const figures = told.figures.find((each) => each.campaign === campaign) ?? { ...unknownFigures, campaign };
      const platform = platformOf(dialer.settings, campaign, [...deps.platforms.keys()]);
      const concurrency = deps.platforms.get(platform)?.concurrency ?? null;
      all.push({
        ...{ dialer: dialer.id, campaign, missing: told.missing },
        lines: adviseLines(hour, figures, concurrency),
        level: adviseLevel(figures, hour),
      });
    }
  }
  return all;
}

async function figuresOf(dialer: Dialer): Promise<{ figures: readonly DialFigures[]; missing: string }> {
  if (!dialer.dialFigures) return { figures: [], missing: 'this dialer tells nothing of how it dials' };
  try {
    return { figures: await dialer.dialFigures(AbortSignal.timeout(dialerMs)), missing: '' };
  } catch (error) {
    return { figures: [], missing: messageOf(error) };
  }
}

/** By how long was spoken; null where no call was. */
async function busiestOf(
  { store }: AdviceDeps,
  dialer: string,
  campaign: string,
  hours: readonly { hour: Instant; campaign: string; talkSec: number }[],
): Promise<BusyHour | null> {
  const own = hours.filter((hour) => hour.campaign === campaign && hour.talkSec > 0);
  const [busiest] = own.sort((one, other) => other.talkSec - one.talkSec);
  if (!busiest) return null;
  const before = new Date(Date.parse(busiest.hour) + hourMs).toISOString();
  const calls = await store.callsOfHour({ dialer, campaign, from: busiest.hour, before });
  const spoken = calls.filter(({ isWithAi }) => isWithAi);
  return {
    at: busiest.hour,
    calls: spoken.length,
    talkSec: spoken.reduce((sum, { talkSec }) => sum + talkSec, 0),
    refused: calls.filter(({ reason }) => reason === 'no_capacity').length,
    peak: peakOf(spoken.map(({ registeredAt, talkSec }) => ({ at: Date.parse(registeredAt), talkSec }))),
  };
}
